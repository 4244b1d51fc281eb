using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Identity;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

/// <summary>What people do to a running budget: release its block, raise it for a while, and find out later who did.</summary>
public sealed class BudgetActsTests
{
    [Fact]
    public async Task Release_Confirmed_DegradesUntilAsMuchAgainIsSpent()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        var (client, path) = await BlockedAsync(opsmeter);
        (await ActionAsync(client)).Should().Be(("block", "hard_exceeded_confirmed"));

        var released = await client.PostAsync(path + "/release", """{"key":null,"reason":"The import is done."}""");

        released.Status.Should().Be(200, released.Text);
        (await ActionAsync(client)).Should().Be(("degrade", "hard_exceeded"));
        var last = (await client.ReadAsync(path + "/transitions"))["items"][0];
        (last.GetProperty("cause").GetString(), last.GetProperty("to").GetString(), last.GetProperty("confirmed").GetBoolean()).Should().Be(("release", "exceeded", false));
        await SpendAsync(opsmeter, client, "again_1", dollars: 0.05m);
        (await ActionAsync(client)).Should().Be(("degrade", "hard_exceeded"), "ten per cent of the limit is ten cents");
        await SpendAsync(opsmeter, client, "again_2", dollars: 0.05m);
        (await ActionAsync(client)).Should().Be(("block", "hard_exceeded_confirmed"));
    }

    [Fact]
    public async Task Release_BurningOnAfterIt_ConfirmsByTheBurnSinceThen()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        var (client, path) = await BlockedAsync(opsmeter, ("confirmation", JsonNode.Parse("""{"mode":"burnRate","ceiling":1.5,"longMinutes":60,"shortMinutes":5}""")));
        await client.PostAsync(path + "/release", """{"reason":"Look again."}""");

        opsmeter.Clock!.Advance(TimeSpan.FromMinutes(1));
        await SpendAsync(opsmeter, client, "on_1", dollars: 0.05m);
        (await ActionAsync(client)).Reason.Should().Be("hard_exceeded", "a short window has not passed");
        opsmeter.Clock.Advance(TimeSpan.FromMinutes(5));
        await SpendAsync(opsmeter, client, "on_2", dollars: 0.1m);

        (await ActionAsync(client)).Reason.Should().Be("hard_exceeded_confirmed");
    }

    [Fact]
    public async Task Release_Restart_StaysReleased()
    {
        using var folder = new TestFolder();
        await using (var first = new TestOpsmeter(folder.Path, PolicyOpsmeter.Now))
        {
            await first.AddMemberAsync(PolicyOpsmeter.Owner);
            var (client, path) = await BlockedAsync(first);
            await client.PostAsync(path + "/release", """{"reason":"Enough."}""");
        }

        await using var again = new TestOpsmeter(folder.Path, PolicyOpsmeter.Now.AddMinutes(1));
        using var later = await again.ClientAsync();
        await SpendAsync(again, later, "small", dollars: 0.01m);

        (await ActionAsync(later)).Should().Be(("degrade", "hard_exceeded"));
    }

    [Theory]
    [InlineData("""{"reason":""}""", 400)]
    [InlineData("""{}""", 400)]
    public async Task Release_NoReason_IsRefused(string body, int status)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        var (client, path) = await BlockedAsync(opsmeter);

        (await client.PostAsync(path + "/release", body)).Status.Should().Be(status);
        (await ActionAsync(client)).Action.Should().Be("block");
    }

    [Fact]
    public async Task Release_NothingConfirmedOrNoBudget_SaysSo()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var created = await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget());

        (await client.PostAsync(created.Location + "/release", """{"reason":"x"}""")).Status.Should().Be(409);
        (await client.PostAsync("/v1/budgets/bud_nobody/release", """{"reason":"x"}""")).Status.Should().Be(404);
    }

    [Fact]
    public async Task Increase_ExceededBudget_IsComputedAnewAndEndsWithItsWindow()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        var (client, path) = await BlockedAsync(opsmeter);

        var increased = await client.SendAsync(HttpMethod.Put, path + "/temporary-increase", """{"amountUsd":2,"until":"2026-11-23T15:00:00Z","reason":"Launch"}""");

        increased.Status.Should().Be(200, increased.Text);
        increased["temporaryIncrease"].GetProperty("amountUsd").GetDecimal().Should().Be(2);
        (await ActionAsync(client)).Should().Be(("allow", "within_budget"));
        opsmeter.Clock!.Advance(TimeSpan.FromHours(3));
        (await LimitAsync(client)).Should().Be(3, "it counts to the end of the window that it touched");
        opsmeter.Clock.Advance(TimeSpan.FromHours(8));
        (await LimitAsync(client)).Should().Be(1);
    }

    [Fact]
    public async Task Increase_ToBeTakenBack_EndsAtItsTimeInTheMiddleOfTheWindow()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        var (client, path) = await BlockedAsync(opsmeter);
        var increased = await client.SendAsync(
            HttpMethod.Put, path + "/temporary-increase", """{"amountUsd":2,"until":"2026-11-23T15:00:00Z","reason":"Launch","takeBack":true}""");
        increased["temporaryIncrease"].GetProperty("takeBack").GetBoolean().Should().BeTrue(increased.Text);
        (await ActionAsync(client)).Action.Should().Be("allow");

        opsmeter.Clock!.Advance(TimeSpan.FromHours(1));

        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while ((await ActionAsync(client)).Action != "block")
        {
            System.Diagnostics.Stopwatch.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(10));
        }

        (await LimitAsync(client)).Should().Be(1);
        (await client.ReadAsync("/v1/audit?target=" + path.Split('/')[^1]))["items"][0].GetProperty("actor").GetString().Should().Be("opsmeter");
    }

    [Fact]
    public async Task Increase_TakenBack_BlocksAgain()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        var (client, path) = await BlockedAsync(opsmeter);
        await client.SendAsync(HttpMethod.Put, path + "/temporary-increase", """{"amountUsd":2,"until":"2026-11-23T15:00:00Z","reason":"Launch"}""");

        var taken = await client.SendAsync(HttpMethod.Delete, path + "/temporary-increase", null);

        taken.Status.Should().Be(200, taken.Text);
        (await ActionAsync(client)).Action.Should().Be("block");
        (await client.SendAsync(HttpMethod.Delete, path + "/temporary-increase", null)).Status.Should().Be(404);
    }

    [Theory]
    [InlineData("""{"amountUsd":2,"until":"2026-11-23T13:00:00Z","reason":"Launch"}""", "until")]
    [InlineData("""{"amountUsd":0,"until":"2026-11-23T15:00:00Z","reason":"Launch"}""", "amountUsd")]
    [InlineData("""{"amountUsd":2,"until":"2026-11-23T15:00:00Z"}""", "reason")]
    public async Task Increase_BadField_IsNamed(string body, string field)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        var (client, path) = await BlockedAsync(opsmeter);

        var answer = await client.SendAsync(HttpMethod.Put, path + "/temporary-increase", body);

        answer.Status.Should().Be(400, answer.Text);
        answer["errors"].EnumerateObject().Select(error => error.Name).Should().Equal(field);
    }

    [Fact]
    public async Task Audit_EachAct_IsThereWithWhoAndWhatAndFound()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        var (client, path) = await BlockedAsync(opsmeter);
        var id = path.Split('/')[^1];
        await client.PostAsync(path + "/release", """{"reason":"100% fine_now"}""");
        await client.SendAsync(HttpMethod.Put, path + "/temporary-increase", """{"amountUsd":2,"until":"2026-11-23T15:00:00Z","reason":"Launch"}""");
        await client.SendAsync(HttpMethod.Put, "/v1/settings", """{"observe":true}""");

        var items = (await client.ReadAsync($"/v1/audit?target={id}"))["items"].EnumerateArray().ToArray();

        items.Select(item => item.GetProperty("action").GetString()).Should().Equal("budget.replace", "budget.release", "budget.create");
        items.Should().OnlyContain(item => item.GetProperty("actor").GetString()!.StartsWith("key opm_"));
        items[0].GetProperty("after").GetProperty("temporaryIncrease").GetProperty("reason").GetString().Should().Be("Launch");
        items[1].GetProperty("after").GetProperty("reason").GetString().Should().Be("100% fine_now");
        (await CountAsync(client, "q=100%25 fine_now")).Should().Be(1);
        (await CountAsync(client, "q=100_ fine")).Should().Be(0, "a wildcard is an ordinary character");
        (await CountAsync(client, "action=settings")).Should().Be(1);
        (await CountAsync(client, "from=2026-11-23T14:00:01Z")).Should().Be(0);
        var csv = await client.ReadAsync("/v1/audit?format=csv&action=budget");
        csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Should().HaveCountGreaterThan(3).And.Subject.First().Should().Be("at,actor,action,target,before,after");
        foreach (var method in new[] { HttpMethod.Delete, HttpMethod.Put, HttpMethod.Post })
        {
            (await client.SendAsync(method, "/v1/audit", "{}")).Status.Should().BeOneOf(404, 405);
        }
    }

    [Fact]
    public async Task Key_OwnKey_SaysWhatItMayDo()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync(KeyScopes.Ingest | KeyScopes.Decide, Opsmeter.Core.Telemetry.DeploymentEnvironment.Staging);

        var key = await client.ReadAsync("/v1/key");

        key["scopes"].EnumerateArray().Select(scope => scope.GetString()).Should().Equal("ingest", "decide");
        key["environment"].GetString().Should().Be("staging");
        key["prefix"].GetString().Should().StartWith("opm_").And.HaveLength(12);
        (await client.ReadAsync("/v1/audit")).Status.Should().Be(403);
    }

    private static async Task<int> CountAsync(HttpClient client, string query) =>
        (await client.ReadAsync("/v1/audit?" + query))["items"].GetArrayLength();

    /// <summary>A budget of $1 a day that has spent $1.20.</summary>
    private static async Task<(HttpClient Client, string Path)> BlockedAsync(TestOpsmeter opsmeter, params (string Name, JsonNode? Value)[] changes)
    {
        var client = await opsmeter.ClientAsync();
        var created = await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget([("limitUsd", 1), ("cap", "hard"), .. changes]));
        created.Status.Should().Be(201, created.Text);
        for (var i = 0; i < 12; i++)
        {
            await SpendAsync(opsmeter, client, $"req_{i}", 0.1m);
        }

        if (changes.Length > 0)
        {
            opsmeter.Clock!.Advance(TimeSpan.FromMinutes(6));
            await SpendAsync(opsmeter, client, "more", 0.1m);
        }

        return (client, created.Location!);
    }

    private static Task<JsonAnswer> SpendAsync(TestOpsmeter opsmeter, HttpClient client, string id, decimal dollars) => client.CountAsync(
        RowText.Of(id, opsmeter.Clock!.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture), "agents.plan", input: (long)(dollars * 4_000_000), output: 0));

    private static async Task<(string? Action, string? Reason)> ActionAsync(HttpClient client)
    {
        var answer = await client.PostAsync("/v1/decisions", """{"endpointTag":"agents.plan"}""");
        return (answer["action"].GetString(), answer["reason"].GetString());
    }

    private static async Task<decimal> LimitAsync(HttpClient client) =>
        (await client.ReadAsync("/v1/budgets/state"))["items"][0].GetProperty("limitUsd").GetDecimal();
}
