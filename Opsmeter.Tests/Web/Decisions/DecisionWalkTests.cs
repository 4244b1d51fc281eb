using System.Text.Json;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Web.Decisions;

/// <summary>Drives a budget of $1 a day through its states by real requests, and asks before each step what a caller may do.</summary>
public sealed class DecisionWalkTests : IAsyncLifetime
{
    private TestOpsmeter _opsmeter = null!;
    private HttpClient _client = null!;
    private int _sent;

    public async ValueTask InitializeAsync()
    {
        _opsmeter = await PolicyOpsmeter.StartAsync();
        _client = await _opsmeter.ClientAsync();
        foreach (var (pattern, tier) in new[] { ("checkout.*", 1), ("chat.reply", 2), ("agents.*", 3) })
        {
            (await _client.PostAsync("/v1/tiers", $$"""{"pattern":"{{pattern}}","tier":{{tier}}}""")).Status.Should().Be(201);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _opsmeter.DisposeAsync();
    }

    // The decision table of the policy, as rows that are posted make it happen: ok, warning, exceeded, confirmed.
    [Theory]
    [InlineData("byTier", false, "allow allow degrade degrade", "allow degrade degrade degrade", "allow allow degrade block")]
    [InlineData("soft", false, "allow allow allow allow", "allow allow allow allow", "allow allow allow allow")]
    [InlineData("degrade", false, "allow degrade degrade degrade", "allow degrade degrade degrade", "allow degrade degrade degrade")]
    [InlineData("hard", false, "allow allow degrade degrade", "allow allow degrade block", "allow allow degrade block")]
    [InlineData("hard", true, "allow allow degrade block", "allow allow degrade block", "allow allow degrade block")]
    public async Task Decide_BudgetDrivenByRequests_FollowsTheTableAtEveryStep(string cap, bool blockTier1, string tier1, string tier2, string tier3)
    {
        await BudgetAsync(("cap", cap), ("blockTier1", blockTier1));
        var said = new Dictionary<string, List<string>> { ["checkout.pay"] = [], ["chat.reply"] = [], ["agents.plan"] = [] };
        var states = new List<string>();

        await StepAsync(0.70m);
        await StepAsync(0.10m);
        await StepAsync(0.25m);
        await StepAsync(0.05m);

        states.Should().Equal("ok", "warning", "exceeded", "exceeded confirmed");
        said["checkout.pay"].Should().Equal(tier1.Split(' '));
        said["chat.reply"].Should().Equal(tier2.Split(' '));
        said["agents.plan"].Should().Equal(tier3.Split(' '));
        return;

        async Task StepAsync(decimal usd)
        {
            // Spread over the three endpoints: one budget counts all of them.
            foreach (var (endpoint, share) in new[] { ("checkout.pay", 0.5m), ("chat.reply", 0.3m), ("agents.plan", 0.2m) })
            {
                await SpendAsync(endpoint, usd * share);
            }

            states.Add(await StateAsync());
            foreach (var (endpoint, actions) in said)
            {
                actions.Add((await DecideAsync(endpoint))["action"].GetString()!);
            }
        }
    }

    [Theory]
    [InlineData("environment", "staging")]
    [InlineData("environment", "dev")]
    [InlineData("dataMode", "demo")]
    [InlineData("dataMode", "test")]
    public async Task Decide_TrafficThatIsNotRealProduction_MovesNothing(string member, string value)
    {
        await BudgetAsync();

        await SpendAsync("agents.plan", 50m, (member, value));

        (await StateAsync()).Should().Be("ok");
        var production = await DecideAsync("agents.plan");
        production["action"].GetString().Should().Be("allow");
        production["budgets"][0].GetProperty("spentUsd").GetDecimal().Should().Be(0);

        // And such a caller is not refused for what production spent.
        await SpendAsync("agents.plan", 50m);
        (await DecideAsync("agents.plan"))["action"].GetString().Should().Be("block");
        var other = await DecideAsync("agents.plan", (member, value));
        other["action"].GetString().Should().Be("allow");
        other["reason"].GetString().Should().Be("no_budget");
    }

    [Fact]
    public async Task Decide_Block_SaysWhatAUserMayReadAndNothingMore()
    {
        await BudgetAsync(("blockMessage", "Research is paused, back in {resetsIn}."));
        await SpendAsync("agents.plan", 2m);

        var answer = await DecideAsync("agents.plan");

        answer["reason"].GetString().Should().Be("tier3_exceeded_confirmed");
        answer["message"].GetString().Should().Be("Research is paused, back in 10 h.");
        answer["resetsAt"].GetDateTimeOffset().Should().Be(PolicyOpsmeter.Instant("2026-11-24T00:00:00Z"));
        answer["mode"].GetString().Should().Be("enforce");
        var budget = answer["budgets"][0];
        budget.GetProperty("spentUsd").GetDecimal().Should().Be(2m);
        budget.GetProperty("remainingUsd").GetDecimal().Should().Be(0m);
    }

    [Fact]
    public async Task Decide_BlockEnforcedByHttp_Is402WithoutAmounts()
    {
        await BudgetAsync();
        await SpendAsync("agents.plan", 2m);

        var refused = await _client.PostAsync("/v1/decisions?enforce=http", """{"endpointTag":"agents.plan"}""");
        var allowed = await _client.PostAsync("/v1/decisions?enforce=http", """{"endpointTag":"checkout.pay"}""");

        refused.Status.Should().Be(402);
        refused["reason"].GetString().Should().Be("tier3_exceeded_confirmed");
        refused["message"].GetString().Should().NotBeNullOrEmpty();
        refused.Text.Should().NotContain("Usd").And.NotContain("Whole workspace");
        allowed.Status.Should().Be(200);
    }

    [Fact]
    public async Task Decide_ObserveMode_AllowsAndSaysWhatWouldHaveBeen()
    {
        await BudgetAsync();
        await SpendAsync("agents.plan", 2m);
        var settings = JsonNode.Parse((await _client.ReadAsync("/v1/settings")).Text)!.AsObject();
        settings["observe"] = true;
        (await _client.SendAsync(HttpMethod.Put, "/v1/settings", settings.ToJsonString())).Status.Should().Be(200);

        var answer = await DecideAsync("agents.plan");
        var http = await _client.PostAsync("/v1/decisions?enforce=http", """{"endpointTag":"agents.plan"}""");

        answer["action"].GetString().Should().Be("allow");
        answer["mode"].GetString().Should().Be("observe");
        answer["wouldBe"].GetString().Should().Be("block");
        answer["degradedMode"].ValueKind.Should().Be(JsonValueKind.Null);
        http.Status.Should().Be(200);
    }

    [Fact]
    public async Task Decide_FreeModel_IsNeverRefusedByMoney()
    {
        await BudgetAsync(("cap", "hard"));
        await SpendAsync("agents.plan", 2m);
        var free = (await _client.ReadAsync("/v1/public/pricing-models"))["models"].EnumerateArray().First(model =>
            model.GetProperty("prices").EnumerateArray().All(price => price.GetProperty("rates").EnumerateObject().Any())
            && model.GetProperty("prices").EnumerateArray().SelectMany(price => price.GetProperty("rates").EnumerateObject())
                .All(rate => rate.Value.GetProperty("perMillion").GetDecimal() == 0));

        var answer = await DecideAsync(
            "agents.plan", ("provider", free.GetProperty("provider").GetString()!), ("model", free.GetProperty("model").GetString()!));

        answer["action"].GetString().Should().Be("allow");
        answer["reason"].GetString().Should().Be("free_model");
    }

    [Fact]
    public async Task Decide_Restart_SaysTheSameAsBefore()
    {
        var folder = Directory.CreateTempSubdirectory("opsmeter-").FullName;
        try
        {
            string before;
            await using (var first = new TestOpsmeter(folder, PolicyOpsmeter.Now))
            {
                await first.AddMemberAsync(PolicyOpsmeter.Owner);
                var client = await first.ClientAsync();
                await client.PostAsync("/v1/tiers", """{"pattern":"agents.*","tier":3}""");
                await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", 1)));
                for (var i = 0; i < 11; i++)
                {
                    await client.CountAsync(PolicyOpsmeter.Row($"r{i}"));
                }

                before = await ReadAsync(client);
            }

            await using var second = new TestOpsmeter(folder, PolicyOpsmeter.Now);
            (await ReadAsync(await second.ClientAsync())).Should().Be(before).And.Contain("tier3_exceeded_confirmed");
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }

        static async Task<string> ReadAsync(HttpClient client) =>
            (await client.PostAsync("/v1/decisions", """{"endpointTag":"agents.plan"}""")).Text
            + (await client.ReadAsync("/v1/budgets/state")).Text
            + (await client.ReadAsync("/v1/reports/spend?groupBy=endpointTag&interval=hour")).Text;
    }

    [Theory]
    [InlineData("""{}""", "endpointTag")]
    [InlineData("""{"endpointTag":""}""", "endpointTag")]
    [InlineData("""{"endpointTag":7}""", "endpointTag")]
    [InlineData("""{"endpointTag":"a","environment":"moon"}""", "environment")]
    [InlineData("""{"endpointTag":"a","dataMode":"invented"}""", "dataMode")]
    [InlineData("""{"endpointTag":"a","estimatedInputTokens":-1}""", "estimatedInputTokens")]
    [InlineData("""{"endpointTag":"a","maxOutputTokens":1.5}""", "maxOutputTokens")]
    [InlineData("""{"endpointTag":"a","holdSeconds":0}""", "holdSeconds")]
    [InlineData("""{"endpointTag":"a","holdSeconds":86401}""", "holdSeconds")]
    public async Task Decide_BadQuestion_Is400NamingTheField(string body, string field)
    {
        var answer = await _client.PostAsync("/v1/decisions", body);

        answer.Status.Should().Be(400, answer.Text);
        answer["errors"].EnumerateObject().Select(error => error.Name).Should().Equal(field);
    }

    private async Task BudgetAsync(params (string Name, JsonNode? Value)[] changes)
    {
        var answer = await _client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget([("limitUsd", 1), ("name", "Whole workspace"), .. changes]));
        answer.Status.Should().Be(201, answer.Text);
    }

    // gpt-5-mini costs $0.25 per million input tokens.
    private async Task SpendAsync(string endpoint, decimal usd, params (string Name, string Value)[] more)
    {
        var row = new JsonObject
        {
            ["externalRequestId"] = $"req_{_sent++}", ["provider"] = "openai", ["model"] = "gpt-5-mini", ["endpointTag"] = endpoint,
            ["promptVersion"] = "v1", ["inputTokens"] = (long)(usd / 0.25m * 1_000_000m), ["outputTokens"] = 0, ["latencyMs"] = 10, ["status"] = "success",
        };
        foreach (var (name, value) in more)
        {
            row[name] = value;
        }

        (await _client.CountAsync(row.ToJsonString()))["costUsd"].GetDecimal().Should().Be(usd);
    }

    private async Task<JsonAnswer> DecideAsync(string endpoint, params (string Name, string Value)[] more)
    {
        var question = new JsonObject { ["endpointTag"] = endpoint };
        foreach (var (name, value) in more)
        {
            question[name] = value;
        }

        var answer = await _client.PostAsync("/v1/decisions", question.ToJsonString());
        answer.Status.Should().Be(200, answer.Text);
        return answer;
    }

    private async Task<string> StateAsync()
    {
        var item = (await _client.ReadAsync("/v1/budgets/state"))["items"].EnumerateArray().Single();
        return item.GetProperty("state").GetString() + (item.GetProperty("confirmed").GetBoolean() ? " confirmed" : "");
    }
}
