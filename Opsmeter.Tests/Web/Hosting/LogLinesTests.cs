using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AwesomeAssertions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Hosting;
using Xunit;

namespace Opsmeter.Tests.Web.Hosting;

public sealed partial class LogLinesTests
{
    private const string Forged = "x\r\n2026-01-01T00:00:00.000Z info Opsmeter: all is well\u001b[2J\u0007\u0085\u2028\u202e<script>alert(1)</script>\0";

    [Fact]
    public void Write_TextThatForgesLines_IsOneLineOfPlainCharacters()
    {
        var written = Write(Forged, new InvalidOperationException(Forged));

        written.Should().StartWith(@"2026-11-23T14:00:00.000Z warn Opsmeter.Test: x\r\n2026-01-01").And.EndWith("\n").And.Contain(@"\u001b[2J\u0007\u0085\u2028\u202e<script>")
            .And.Contain("System.InvalidOperationException: x");
        written[..^1].Should().NotContainAny(Forged.Where(letter => letter < ' ' || letter is >= '\u0085' and <= '\u202e').Select(letter => letter.ToString()));
    }

    [Theory]
    [InlineData("line")]
    [InlineData("json")]
    public async Task Log_OfRequestsFullOfControlCharacters_HasOneLineForEachEvent(string format)
    {
        using var folder = new TestFolder();
        await using var opsmeter = await OpsmeterProcess.StartAsync(folder.Path, new Dictionary<string, string>(OpsmeterProcess.UsualSettings)
        {
            ["Logging__Console__FormatterName"] = format, ["Logging__LogLevel__Microsoft.AspNetCore"] = "Information", ["Logging__LogLevel__Opsmeter"] = "Debug",
        });
        using var client = opsmeter.Client();
        var row = JsonSerializer.Serialize(new
        {
            externalRequestId = Forged, provider = Forged, model = Forged, endpointTag = Forged, promptVersion = Forged, userId = Forged, tenantId = Forged, errorCode = Forged,
            inputTokens = 1, outputTokens = 1, latencyMs = 1, status = "error", metadata = new Dictionary<string, string> { [Forged] = Forged },
        });
        (await client.PostAsync("/v1/ingest/llm-request", row)).Status.Should().Be(400, "control characters are refused");
        (await client.PostAsync("/v1/ingest/llm-requests", $"[{row}]")).Text.Should().Contain("control characters");
        var budget = JsonSerializer.Serialize(new { name = Forged, notes = Forged, limitUsd = 1, window = new { kind = "day" }, owner = "lead@example.com", escalation = "default" });
        (await client.PostAsync("/v1/budgets", budget)).Status.Should().Be(400);
        await client.ReadAsync("/v1/" + Uri.EscapeDataString(Forged) + "?q=" + Uri.EscapeDataString(Forged));
        await client.ReadAsync("/account/sign-in?returnUrl=" + Uri.EscapeDataString(Forged));
        await RawAsync(opsmeter.Address, "GET /\u001b[2J%0d%0aforged HTTP/1.1\r\nHost: x\u001b[31m\r\nUser-Agent: a\u001b[2Jb\r\n\r\n");
        await RawAsync(opsmeter.Address, "GET /v1/requests HTTP/1.1\r\nHost: localhost\r\nX-API-Key: opm_\u001b[2J\r\nConnection: close\r\n\r\n");
        await opsmeter.StopAsync();

        var lines = opsmeter.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCountGreaterThan(10);
        lines.SelectMany(line => line).Where(letter => char.IsControl(letter) || letter is '\u2028' or '\u202e').Should().BeEmpty();
        foreach (var line in lines)
        {
            (format == "json" ? JsonSerializer.Deserialize<JsonElement>(line).TryGetProperty("Message", out _) : Line().IsMatch(line)).Should().BeTrue(line);
        }
    }

    private static async Task RawAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        var buffer = new byte[4096];
        _ = await client.GetStream().ReadAsync(buffer);
    }

    private static string Write(string text, Exception exception)
    {
        using var writer = new StringWriter();
        new LogLines(new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 14, 0, 0, TimeSpan.Zero)))
            .Write(new LogEntry<string>(LogLevel.Warning, "Opsmeter.Test", default, text, exception, (state, _) => state), null, writer);
        return writer.ToString();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (trace|debug|info|warn|error|critical) [\w.\[\]`]+: ")]
    private static partial Regex Line();
}
