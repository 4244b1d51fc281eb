using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

public sealed class ReplayApiTests
{
    private const string Path = "/v1/budgets/replay";
    private static readonly string[] Told =
        ["at", "key", "from", "to", "confirmed", "measure", "spentUsd", "limitUsd", "burnLong", "burnShort", "cause", "windowStart", "windowEnd"];

    public static TheoryData<string> Caps => ["byTier", "soft", "degrade", "hard"];

    [Theory]
    [MemberData(nameof(Caps))]
    public async Task Replay_SameRequestsPostedLive_TellsTheLiveTransitions(string cap)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithTiersAsync(opsmeter);
        var budget = Draft(cap);
        var created = await client.PostAsync("/v1/budgets", budget);
        foreach (var call in Calls())
        {
            opsmeter.Clock!.SetUtcNow(call.At);
            await client.CountAsync(call.Row(call.Model, call.Output));
        }

        var replayed = await ReplayAsync(opsmeter, client, budget);

        var live = (await client.ReadAsync(created.Location + "/transitions"))["items"].EnumerateArray().Reverse().Select(Line).ToList();
        live.Should().HaveCountGreaterThan(3);
        string.Join('\n', replayed["transitions"].EnumerateArray().Select(Line)).Should().Be(string.Join('\n', live));
        replayed["requests"].GetInt32().Should().Be(Calls().Count);
        replayed["asSent"].GetProperty("transitions").GetInt32().Should().Be(live.Count);
        replayed["asSent"].GetProperty("spendUsd").GetDecimal().Should().Be(await SpendAsync(client));
    }

    [Theory]
    [MemberData(nameof(Caps))]
    public async Task Replay_ClientThatAsksAndObeys_TellsWhatHappens(string cap)
    {
        await using var sent = await PolicyOpsmeter.StartAsync();
        using var past = await WithTiersAsync(sent);
        await using var obeyed = await PolicyOpsmeter.StartAsync();
        using var live = await WithTiersAsync(obeyed);
        var created = await live.PostAsync("/v1/budgets", Draft(cap));
        var (degraded, blocked) = (0, 0);
        foreach (var call in Calls())
        {
            sent.Clock!.SetUtcNow(call.At);
            obeyed.Clock!.SetUtcNow(call.At);
            await past.CountAsync(call.Row(call.Model, call.Output));
            var decision = await live.PostAsync("/v1/decisions", call.Question());
            switch (decision["action"].GetString())
            {
                case "allow":
                    await live.CountAsync(call.Row(call.Model, call.Output));
                    break;
                case "degrade":
                    degraded++;
                    var mode = decision["degradedMode"];
                    await live.CountAsync(call.Row(mode.GetProperty("model").GetString()!, Math.Min(call.Output, mode.GetProperty("maxOutputTokens").GetInt32())));
                    break;
                default:
                    blocked++;
                    break;
            }
        }

        var replayed = await ReplayAsync(sent, past, Draft(cap));

        var tally = replayed["asObeyed"];
        tally.GetProperty("degraded").GetInt32().Should().Be(degraded);
        tally.GetProperty("blocked").GetInt32().Should().Be(blocked);
        tally.GetProperty("spendUsd").GetDecimal().Should().Be(await SpendAsync(live));
        (tally.GetProperty("spendUsd").GetDecimal() + tally.GetProperty("avoidedUsd").GetDecimal()).Should().Be(await SpendAsync(past));
        replayed["caps"].GetProperty(cap).GetProperty("spendUsd").GetDecimal().Should().Be(tally.GetProperty("spendUsd").GetDecimal());
        string.Join("\n", replayed["obeyedTransitions"].EnumerateArray().Select(Line)).Should().Be(
            string.Join('\n', (await live.ReadAsync(created.Location + "/transitions"))["items"].EnumerateArray().Reverse().Select(Line)));
        (degraded + blocked > 0).Should().Be(cap != "soft");
    }

    [Theory]
    [InlineData("""{"from":"now-1d"}""", "budget")]
    [InlineData("""{"budget":{"window":{"kind":"day"}}}""", "budget.limitUsd")]
    [InlineData("""{"budget":{"limitUsd":5,"window":{"kind":"day"}},"from":"yesterday"}""", "from")]
    [InlineData("""{"budget":{"limitUsd":5,"window":{"kind":"day"}},"from":"now-93d"}""", "to")]
    [InlineData("""{"budget":{"limitUsd":5,"window":{"kind":"day"}},"from":"now","to":"now-1d"}""", "to")]
    public async Task Replay_BadRequest_NamesTheField(string body, string field)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var answer = await client.PostAsync(Path, body);

        answer.Status.Should().Be(400, answer.Text);
        answer["errors"].EnumerateObject().Select(error => error.Name).Should().Contain(field);
    }

    private static async Task<JsonAnswer> ReplayAsync(TestOpsmeter opsmeter, HttpClient client, string budget)
    {
        opsmeter.Clock!.Advance(TimeSpan.FromSeconds(1));
        var answer = await client.PostAsync(Path, PolicyOpsmeter.Body("""{"from":"2026-11-23T00:00:00Z"}""", ("budget", JsonNode.Parse(budget))));
        answer.Status.Should().Be(200, answer.Text);
        return answer;
    }

    private static async Task<HttpClient> WithTiersAsync(TestOpsmeter opsmeter)
    {
        var client = await opsmeter.ClientAsync();
        var tier = await client.PostAsync("/v1/tiers", """{"pattern":"agents.*","tier":3,"owner":"lead@example.com","degradedMode":{"model":"gpt-5-nano","maxOutputTokens":200}}""");
        tier.Status.Should().Be(201, tier.Text);
        return client;
    }

    private static string Draft(string cap) => PolicyOpsmeter.Budget(
        ("limitUsd", 3), ("per", "tenantId"), ("cap", cap), ("degradeAt", "overPlan"),
        ("degradedMode", JsonNode.Parse("""{"model":"gpt-5-mini","maxOutputTokens":500}""")));

    private static async Task<decimal> SpendAsync(HttpClient client) =>
        (await client.ReadAsync("/v1/reports/spend?from=2026-11-23T00:00:00Z&to=2026-12-20T00:00:00Z"))["totals"].GetProperty("costUsd").GetDecimal();

    private static string Line(JsonElement transition) => string.Join(' ', Told.Select(name => transition.GetProperty(name).ToString()));

    /// <summary>Six days of two tenants; one of them runs away every other day.</summary>
    private static List<Call> Calls()
    {
        var random = new Random(11);
        var calls = new List<Call>();
        for (var at = PolicyOpsmeter.Now; at < PolicyOpsmeter.Now.AddDays(6); at = at.AddMinutes(20 + random.Next(60)))
        {
            var isLoud = at.Day % 2 == 1 && at.Hour > 9;
            calls.Add(new Call(
                at, calls.Count, random.Next(3) == 0 ? "agents.plan" : "chat.reply", isLoud || random.Next(2) == 0 ? "tenant_a" : "tenant_b",
                random.Next(4) == 0 ? "gpt-5" : "gpt-5-mini", (isLoud ? 30 : 1) * random.Next(1_000, 60_000), random.Next(100, 9_000)));
        }

        return calls;
    }

    private sealed record Call(DateTimeOffset At, int Number, string Endpoint, string Tenant, string Model, int Input, int Output)
    {
        public string Row(string model, int output) => RowText.Of(
            $"req_{Number}", At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), Endpoint, model, Input, output, tenant: Tenant);

        public string Question() =>
            $$"""{"endpointTag":"{{Endpoint}}","provider":"openai","model":"{{Model}}","tenantId":"{{Tenant}}"}""";
    }
}
