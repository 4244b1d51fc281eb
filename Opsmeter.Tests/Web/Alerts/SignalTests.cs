using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Web.Alerts;

/// <summary>What no threshold shows, from five usual days of ten cents an hour.</summary>
public sealed class SignalTests : IAsyncLifetime
{
    private MessageSink _sink = null!;
    private TestOpsmeter _opsmeter = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _sink = await MessageSink.StartAsync();
        _opsmeter = await MessageOpsmeter.StartAsync();
        _client = await _opsmeter.ClientAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _opsmeter.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task Surge_OfAnEndpoint_IsToldOnceToItsOwnerWithWhoIsBehindIt()
    {
        await StartAsync();
        (await _client.PostAsync("/v1/tiers", $$"""{"pattern":"agents.*","tier":3,"owner":"{{PolicyOpsmeter.Backup}}"}""")).Status.Should().Be(201);
        await _client.SpendAsync(20, tenant: "acme");

        var message = (await _sink.WaitAsync("/ops", 1, Minute)).Should().ContainSingle().Subject;
        await _opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(1));

        var alert = message.Json.GetProperty("data").GetProperty("alert");
        (Text(alert, "kind"), Text(alert, "endpoint"), Text(alert, "owner")).Should().Be(("surge", "agents.plan", PolicyOpsmeter.Backup));
        alert.GetProperty("used").GetDecimal().Should().BeGreaterThanOrEqualTo(2m);
        Text(alert.GetProperty("concentration").GetProperty("tenants")[0], "value").Should().Be("acme");
        Text(message.Json.GetProperty("data"), "link").Should().Contain("endpoint=agents.plan");
        _sink.At("/ops").Should().ContainSingle();
        (await _client.ReadAsync("/v1/alerts"))["items"].EnumerateArray().Should().ContainSingle().Which.GetProperty("state").GetString().Should().Be("open");
    }

    [Fact]
    public async Task FastBurn_OfABudget_IsToldBeforeItsWarning()
    {
        await StartAsync();
        (await _client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", 10)))).Status.Should().Be(201);
        await _opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1));
        await _client.SpendAsync(25);

        var kinds = (await _sink.WaitAsync("/ops", 2, Minute)).Select(message => Text(message.Json.GetProperty("data").GetProperty("alert"), "kind"));

        kinds.Should().BeEquivalentTo("surge", "burnRate");
    }

    [Fact]
    public async Task Version_ThatIsDearer_IsNamedOnce()
    {
        await StartAsync(endpoint: "chat.reply");
        await SendManyAsync("v1", 400, 100_000);
        await _opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1));
        await SendManyAsync("v2", 300, 145_000);

        var told = (await _sink.WaitAsync("/ops", 2, Minute)).Select(message => message.Json.GetProperty("data").GetProperty("alert"))
            .Where(alert => Text(alert, "kind") == "drift").ToArray();
        await _opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1));

        var drift = told.Should().ContainSingle().Subject;
        (Text(drift, "name"), Text(drift, "endpoint")).Should().Be(("agents.plan v2", "agents.plan"));
        (drift.GetProperty("used").GetDecimal() / drift.GetProperty("limit").GetDecimal()).Should().BeApproximately(1.45m, 0.05m);
        _sink.At("/ops").Count(message => Text(message.Json.GetProperty("data").GetProperty("alert"), "kind") == "drift").Should().Be(1);
    }

    [Fact]
    public async Task Requests_WithoutAPrice_AreToldOnceTheyAreMoreThanOneInAHundred()
    {
        await StartAsync();
        await SendManyAsync("v1", 120, 10, model: "no-such-model");

        var alert = (await _sink.WaitAsync("/ops", 1, Minute)).Should().ContainSingle().Subject.Json.GetProperty("data").GetProperty("alert");

        (Text(alert, "kind"), alert.GetProperty("used").GetInt32()).Should().Be(("unpriced", 120));
    }

    [Fact]
    public async Task NoTraffic_WhereMuchIsUsual_IsTold()
    {
        await StartAsync(tokens: 8_000_000);
        await _opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(2));
        _sink.At("/ops").Should().BeEmpty();

        var alert = (await _sink.WaitAsync("/ops", 1, Minute)).Should().ContainSingle().Subject.Json.GetProperty("data").GetProperty("alert");

        Text(alert, "kind").Should().Be("noTraffic");
    }

    [Fact]
    public async Task StagingAndDemo_ThatSurge_AreNoSignal()
    {
        await StartAsync();
        for (var i = 0; i < 40; i++)
        {
            var row = JsonNode.Parse(PolicyOpsmeter.Row($"staging-{i}"))!;
            row[i % 2 == 0 ? "environment" : "dataMode"] = i % 2 == 0 ? "staging" : "demo";
            await _client.CountAsync(row.ToJsonString());
        }

        await _opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(1));

        _sink.Received.Should().BeEmpty();
    }

    [Fact]
    public async Task MuteWindow_OfTheSettings_KeepsASurgeQuiet()
    {
        await StartAsync();
        (await _client.SendAsync(HttpMethod.Put, "/v1/settings", """{"muteWindows":["monday 13:00-15:00"]}""")).Status.Should().Be(200);
        await _client.SpendAsync(20);
        await _opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(1));

        _sink.Received.Should().BeEmpty();
        (await _client.SendAsync(HttpMethod.Put, "/v1/settings", """{"muteWindows":["someday 13:00-15:00"]}"""))["errors"].GetProperty("muteWindows").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Digests_GoOutOnceAtTheirTimes()
    {
        await StartAsync();
        (await _client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", 10)))).Status.Should().Be(201);
        var put = await _client.SendAsync(HttpMethod.Put, "/v1/settings", """{"timeZone":"Europe/Berlin","digests":{"notify":"Ops","daily":"15:10","weekly":"monday 15:20"}}""");
        put.Status.Should().Be(200, put.Text);
        await _opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(1));
        _sink.Received.Should().BeEmpty();

        await _opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(1));

        var digests = (await _sink.WaitAsync("/ops", 2)).Select(message => message.Json).ToArray();
        digests.Select(message => Text(message, "type")).Should().Equal("alert.digest", "alert.digest");
        digests.Select(message => Text(message.GetProperty("data"), "title")).Should().Equal("The last day: $2.40", "The last week: $10.50");
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private void Minute() => _opsmeter.Clock!.Advance(TimeSpan.FromSeconds(30));

    private async Task StartAsync(string endpoint = "agents.plan", int tokens = 400_000)
    {
        await _client.ChannelAsync("Ops", "webhook", _sink.Url + "/ops");
        await _client.EscalateAsync([(0, "Ops")]);
        var rows = new List<string>();
        for (var hour = 0; hour < 5 * 24; hour++)
        {
            var row = JsonNode.Parse(PolicyOpsmeter.Row($"usual-{hour}", endpoint))!;
            row["occurredAt"] = PolicyOpsmeter.Now.AddHours(-hour).AddMinutes(-1).ToString("O", CultureInfo.InvariantCulture);
            row["inputTokens"] = tokens;
            rows.Add(row.ToJsonString());
        }

        (await _client.PostAsync("/v1/ingest/llm-requests", $"[{string.Join(',', rows)}]")).Status.Should().Be(200);
    }

    private async Task SendManyAsync(string version, int count, int tokens, string model = "gpt-5-mini")
    {
        var rows = Enumerable.Range(0, count).Select(i =>
        {
            var row = JsonNode.Parse(PolicyOpsmeter.Row($"{version}-{model}-{i}", model: model))!;
            (row["promptVersion"], row["inputTokens"]) = (version, tokens + (i % 10 * 100));
            row["occurredAt"] = _opsmeter.Clock!.GetUtcNow().AddMilliseconds(-i).ToString("O", CultureInfo.InvariantCulture);
            return row.ToJsonString();
        });
        (await _client.PostAsync("/v1/ingest/llm-requests", $"[{string.Join(',', rows)}]")).Status.Should().Be(200);
    }
}
