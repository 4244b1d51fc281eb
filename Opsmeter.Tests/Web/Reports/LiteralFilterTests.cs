using System.Text.Json;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

/// <summary>What means something to a database, or to a pattern, means itself in a filter.</summary>
public sealed class LiteralFilterTests : IAsyncLifetime
{
    private static readonly string[] Names =
    [
        "chat", "ch%", "c_at", "c[h]at", "c*t", "ch?t", "chat'--", "chat' OR '1'='1", "'; DROP TABLE requests; --", "\"chat\"", "chat\\", "(a+)+$", "{0}", "$(id)", "chat;",
    ];

    private TestOpsmeter _opsmeter = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _opsmeter = await PolicyOpsmeter.StartAsync();
        _client = await _opsmeter.ClientAsync();
        for (var at = 0; at < Names.Length; at++)
        {
            await _client.CountAsync(PolicyOpsmeter.Row($"id{at}{Names[at]}", Names[at], tenant: Names[at]));
        }
    }

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Fact]
    public async Task Filter_OfEveryDimension_FindsThatNameAlone()
    {
        foreach (var name in Names)
        {
            var value = Uri.EscapeDataString(name);
            foreach (var query in (string[])[$"endpointTag={value}", $"tenantId={value}", $"endpointTag={value}&tenantId={value}"])
            {
                var answer = await _client.ReadAsync("/v1/requests?" + query);
                answer["items"].EnumerateArray().Select(Endpoint).Should().Equal([name], because: query);
                var spend = await _client.ReadAsync("/v1/reports/spend?from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z&groupBy=endpointTag&" + query);
                spend["rows"].EnumerateArray().Select(Endpoint).Should().Equal([name], because: query);
            }
        }

        var none = await _client.ReadAsync("/v1/requests?endpointTag=" + Uri.EscapeDataString("%' OR endpoint LIKE '%"));
        (none.Status, none["items"].GetArrayLength()).Should().Be((200, 0));
        (await _client.ReadAsync("/v1/requests"))["items"].GetArrayLength().Should().Be(Names.Length);
    }

    [Fact]
    public async Task Request_OfEveryId_IsFoundByItAlone()
    {
        for (var at = 0; at < Names.Length; at++)
        {
            var id = Uri.EscapeDataString($"id{at}{Names[at]}");
            (await _client.ReadAsync("/v1/requests/" + id))["endpointTag"].GetString().Should().Be(Names[at]);
            (await _client.ReadAsync("/v1/requests?externalRequestId=" + id))["endpointTag"].GetString().Should().Be(Names[at]);
        }

        (await _client.ReadAsync("/v1/requests/id%25")).Status.Should().Be(404);
    }

    [Fact]
    public async Task AuditLog_SearchedForPatterns_TakesThemAsText()
    {
        await _client.PostAsync("/v1/keys", """{"name":"a_b","scopes":["read"]}""");
        await _client.PostAsync("/v1/keys", """{"name":"axb","scopes":["read"]}""");

        foreach (var (text, found) in ((string, int)[])[("a_b", 1), ("axb", 1), ("a%b", 0), ("%", 0), ("' OR '1'='1", 0), ("\\", 0)])
        {
            var answer = await _client.ReadAsync("/v1/audit?action=key.create&q=" + Uri.EscapeDataString(text));
            answer["items"].GetArrayLength().Should().Be(found, because: text + ": " + answer.Text);
        }
    }

    private static string? Endpoint(JsonElement item) => item.GetProperty("endpointTag").GetString();
}
