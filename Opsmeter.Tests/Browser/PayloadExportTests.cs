using System.Globalization;
using System.Text.Json;
using AwesomeAssertions;
using Opsmeter.Tests.Browser.Payloads;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Browser;

/// <summary>Files full of scripts and formulas: a spreadsheet runs none, a browser shows none as a page, and what is read is what was sent.</summary>
[Collection(PayloadCollection.Name)]
[Trait("run", "long")]
public sealed class PayloadExportTests(PayloadFixture fixture)
{
    private PayloadWorkspace Workspace => fixture.Workspace;

    [Theory]
    [InlineData("export/requests", true)]
    [InlineData("export/values?by=endpointTag", true)]
    [InlineData("export/values?by=userId", true)]
    [InlineData("export/values?by=tenantId", true)]
    [InlineData("export/values?by=promptVersion", true)]
    [InlineData("export/models", true)]
    [InlineData("export/audit", false)]
    [InlineData("v1/exports/requests", true)]
    [InlineData("v1/reports/spend?groupBy=endpointTag&format=csv", true)]
    public async Task Csv_FullOfPayloads_HasNoFormulaAndReadsBackTheSame(string path, bool hasCells)
    {
        var answer = await fixture.Inside.Page.APIRequest.GetAsync(
            new Uri(Workspace.Process.Address, path).ToString(), new() { Headers = path.StartsWith("v1", StringComparison.Ordinal) ? Key : [] });
        var text = await answer.TextAsync();

        answer.Status.Should().Be(200, text);
        answer.Headers["content-type"].Should().StartWith("text/csv");
        answer.Headers["x-content-type-options"].Should().Be("nosniff");
        var cells = PayloadCsv.Read(text).SelectMany(line => line).ToArray();
        cells.Where(cell => cell.Length > 0 && "=+-@\t\r".Contains(cell[0], StringComparison.Ordinal) && !decimal.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _)).Should().BeEmpty();
        var written = cells.Select(PayloadCsv.Written).ToHashSet(StringComparer.Ordinal);
        Workspace.Payloads.Select(payload => payload.Text).Where(payload => hasCells ? !written.Contains(payload) : !written.Any(cell => Holds(cell, payload)))
            .Should().BeEmpty("each is read back as it was sent");
    }

    [Theory]
    [InlineData("v1/requests")]
    [InlineData("v1/reports/spend?groupBy=endpointTag")]
    [InlineData("v1/budgets")]
    [InlineData("v1/budgets/state")]
    [InlineData("v1/tiers")]
    [InlineData("v1/escalations")]
    [InlineData("v1/containments")]
    [InlineData("v1/keys")]
    [InlineData("v1/alerts")]
    [InlineData("v1/audit")]
    [InlineData("v1/policy")]
    public async Task Json_OpenedInABrowser_IsText(string path)
    {
        await using var browser = await PayloadBrowser.OpenAsync(Workspace.Process.Address);
        await browser.Page.SetExtraHTTPHeadersAsync(Key.Append(KeyValuePair.Create("Accept", "application/json")));
        var answer = (await browser.Page.GotoAsync(path))!;
        var text = await answer.TextAsync();
        await browser.LookAsync();

        answer.Status.Should().Be(200, text);
        text.Should().Contain("__ran");
        answer.Headers["content-type"].Should().StartWith("application/json");
        answer.Headers["x-content-type-options"].Should().Be("nosniff");
        browser.Noticed.Should().BeEmpty();
    }

    [Fact]
    public async Task Ndjson_FullOfPayloads_IsSavedAndReadsBackTheSame()
    {
        using var answer = await Workspace.Client.GetAsync("v1/exports/requests?format=ndjson");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        answer.Content.Headers.ContentDisposition!.DispositionType.Should().Be("attachment");
        var texts = lines.SelectMany(line => Texts(JsonSerializer.Deserialize<JsonElement>(line))).ToHashSet(StringComparer.Ordinal);
        texts.Should().Contain(Workspace.Payloads.Select(payload => payload.Text));
    }

    [Fact]
    public async Task Problem_ThatRepeatsWhatWasAsked_IsText()
    {
        await using var browser = await PayloadBrowser.OpenAsync(Workspace.Process.Address);
        await browser.Page.SetExtraHTTPHeadersAsync(Key);
        foreach (var payload in Workspace.Payloads)
        {
            foreach (var path in new[] { $"v1/{payload.Escaped}", $"v1/reports/spend?groupBy={payload.Escaped}&from={payload.Escaped}", $"v1/requests/{payload.Escaped}~no", $"{payload.Escaped}" })
            {
                await browser.Page.GotoAsync(path);
                await browser.LookAsync();
            }
        }

        browser.Noticed.Should().BeEmpty();
    }

    private static Dictionary<string, string> Key => new() { ["X-API-Key"] = OpsmeterProcess.ApiKey };

    // In a cell of JSON a text is written as JSON writes it.
    private static bool Holds(string cell, string text) =>
        cell.Contains(text, StringComparison.Ordinal)
        || (cell.StartsWith("{\"", StringComparison.Ordinal) && Texts(JsonSerializer.Deserialize<JsonElement>(cell)).Any(held => held.Contains(text, StringComparison.Ordinal)));

    private static IEnumerable<string> Texts(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => Texts(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [json.GetString()!],
        _ => [],
    };
}
