using System.Globalization;
using System.Text.Json;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Identity;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

public sealed class RequestsApiTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private readonly TestOpsmeter _opsmeter = new(now: Now);
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _client = await _opsmeter.ClientAsync();
        var answer = await _client.PostAsync("/v1/ingest/llm-requests", $"""
            [{RowText.Of("a", "2026-11-23T10:00:00Z", user: "=cmd()", more: ",\"metadata\":{\"note\":\"-1, \\\"q\\\"\"}")},
             {RowText.Of("b/1", "2026-11-23T11:00:00Z", endpoint: "agents.plan", input: 4000, status: "error")},
             {RowText.Of("c", "2026-11-23T09:00:00Z", environment: "staging")},
             {RowText.Of("d", "2026-11-22T09:00:00Z", model: "nobody-knows-this", provider: "acme", endpoint: "lab")},
             {RowText.Of("a", "2026-11-23T10:30:00Z", input: 9)}]
            """);
        answer["accepted"].GetInt32().Should().Be(5, answer.Text);
    }

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Theory]
    [InlineData("", "b/1 a~2 a d")]
    [InlineData("?environment=all", "b/1 a~2 a c d")]
    [InlineData("?environment=staging", "c")]
    [InlineData("?endpointTag=agents.plan&endpointTag=lab", "b/1 d")]
    [InlineData("?userId=%3Dcmd()", "a")]
    [InlineData("?model=no-such-model", "")]
    [InlineData("?from=2026-11-23T10:00:00Z&to=2026-11-23T10:30:00Z", "a")]
    [InlineData("?only=errors", "b/1")]
    [InlineData("?only=unpriced", "d")]
    [InlineData("?only=conflicts", "a~2 a")]
    public async Task List_Filters_GiveTheRequestsNewestFirst(string query, string ids)
    {
        var answer = await _client.ReadAsync("/v1/requests" + query);

        answer.Status.Should().Be(200, answer.Text);
        string.Join(' ', answer["items"].EnumerateArray().Select(IdOf)).Should().Be(ids);
        answer["nextCursor"].ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task List_PageByPage_GivesEachRequestOnce()
    {
        var (ids, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await _client.ReadAsync($"/v1/requests?environment=all&limit=2{(cursor is null ? "" : "&cursor=" + cursor)}");
            ids.AddRange(page["items"].EnumerateArray().Select(IdOf));
            cursor = page["nextCursor"].GetString();
        }
        while (cursor is not null);

        ids.Should().Equal("b/1", "a~2", "a", "c", "d");
    }

    [Theory]
    [InlineData("/v1/requests/a")]
    [InlineData("/v1/requests?externalRequestId=a")]
    public async Task One_WithRevisions_HasThePriceOfTheLatestAndTheOthers(string path)
    {
        var answer = await _client.ReadAsync(path);

        answer["revision"].GetInt32().Should().Be(2);
        answer["inputTokens"].GetInt64().Should().Be(9);
        var classes = answer["price"].GetProperty("classes").EnumerateArray().ToArray();
        classes.Sum(line => line.GetProperty("costUsd").GetDecimal()).Should().Be(answer["costUsd"].GetDecimal());
        answer["revisions"].EnumerateArray().Select(IdOf).Should().Equal("a");
    }

    [Fact]
    public async Task One_IdWithASlash_IsFoundByTheQuery()
    {
        (await _client.ReadAsync("/v1/requests?externalRequestId=b/1"))["status"].GetString().Should().Be("error");
        (await _client.ReadAsync("/v1/requests/zzz")).Status.Should().Be(404);
    }

    [Theory]
    [InlineData("/v1/requests?limit=501", "limit")]
    [InlineData("/v1/requests?limit=0", "limit")]
    [InlineData("/v1/requests?cursor=next", "cursor")]
    [InlineData("/v1/requests?only=dear", "only")]
    [InlineData("/v1/requests?environment=moon", "environment")]
    [InlineData("/v1/exports/requests?format=xlsx", "format")]
    [InlineData("/v1/exports/requests?from=never", "from")]
    public async Task List_BadQuestion_NamesTheField(string path, string field)
    {
        var answer = await _client.ReadAsync(path);

        answer.Status.Should().Be(400, answer.Text);
        answer["errors"].TryGetProperty(field, out _).Should().BeTrue(answer.Text);
    }

    [Fact]
    public async Task Export_Csv_IsSafeToOpenAndAddsUpToTheReport()
    {
        using var answer = await _client.GetAsync("/v1/exports/requests?from=now-2d&to=now");
        var text = await answer.Content.ReadAsStringAsync();
        var spend = await _client.ReadAsync("/v1/reports/spend?from=now-2d&to=now");

        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/csv");
        var lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var cost = Array.IndexOf(lines[0].Split(','), "costUsd");
        var costs = lines[1..].Select(line => line.Split(',')[cost]).Where(field => field.Length > 0);
        costs.Sum(field => decimal.Parse(field, CultureInfo.InvariantCulture)).Should().Be(spend["totals"].GetProperty("costUsd").GetDecimal());
        lines.Should().HaveCount(1 + spend["totals"].GetProperty("requests").GetInt32());
        text.Should().Contain(",'=cmd(),").And.NotContain(",=cmd()");
        text.Should().EndWith("\"{\"\"note\"\":\"\"-1, \\\"\"q\\\"\"\"\"}\"\r\n" + lines[^1] + "\r\n");
    }

    [Fact]
    public async Task Export_Ndjson_LeavesOutWhatDoesNotCount()
    {
        await _client.PostAsync("/v1/requests/a/void", """{"revision":2,"reason":"sent twice by mistake"}""");

        var text = await _client.GetStringAsync("/v1/exports/requests?format=ndjson&environment=all");

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        lines.Select(IdOf).Should().Equal("b/1", "a", "c", "d");
        lines[1].GetProperty("metadata").GetProperty("note").GetString().Should().Be("-1, \"q\"");
    }

    [Fact]
    public async Task Spend_AsCsv_HasTheRowsOfTheReport()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/reports/spend?from=now-2d&to=now&groupBy=endpointTag");
        request.Headers.Accept.ParseAdd("text/csv");
        using var answer = await _client.SendAsync(request);

        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].Should().StartWith("endpointTag,bucket,costUsd,requests,errors,unpriced,inputTokens");
        lines[1..].Select(line => string.Join(',', line.Split(',')[..6])).Should().Equal(
            "chat.reply,,0.00225225,2,0,0", "agents.plan,,0.002,1,1,0", "lab,,,1,0,1");
    }

    [Theory]
    [InlineData("/v1/requests")]
    [InlineData("/v1/requests/a")]
    [InlineData("/v1/exports/requests")]
    public async Task Route_KeyWithoutRead_Is403(string path)
    {
        using var other = await _opsmeter.ClientAsync(KeyScopes.Ingest | KeyScopes.Decide);

        (await other.ReadAsync(path)).Status.Should().Be(403);
    }

    private static string IdOf(JsonElement item)
    {
        var (id, revision) = (item.GetProperty("externalRequestId").GetString()!, item.GetProperty("revision").GetInt32());
        return revision == 1 ? id : $"{id}~{revision}";
    }
}
