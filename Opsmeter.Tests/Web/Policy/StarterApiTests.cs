using System.Globalization;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

/// <summary>A first policy from three answers and the traffic there is.</summary>
public sealed class StarterApiTests
{
    private const string Path = "/v1/policy/starter";
    private static readonly string Answers = $$"""{"monthlyBudgetUsd":2000,"owner":"{{PolicyOpsmeter.Owner}}","revenueEndpoints":["chat.reply"]}""";

    [Fact]
    public async Task Starter_WithTraffic_MakesBudgetsOfUsualDaysThatOnlyObserve()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await SpendAsync(client);

        var made = await client.PostAsync(Path, Answers);

        made.Status.Should().Be(201, made.Text);
        made["observe"].GetBoolean().Should().BeTrue();
        (await client.ReadAsync("/v1/settings"))["observe"].GetBoolean().Should().BeTrue();
        var budgets = (await client.ReadAsync("/v1/budgets"))["items"].EnumerateArray()
            .Select(budget => $"{budget.GetProperty("name")} {budget.GetProperty("limitUsd")} {budget.GetProperty("window").GetProperty("kind")} {budget.GetProperty("cap")} {budget.GetProperty("per")}");

        // Usual days: agents 30 cents in spite of one of 2 dollars, chat 10 cents; the dearest tenant 20 cents; rare costs too little to be busy.
        budgets.Should().BeEquivalentTo(
            "Whole workspace 2000 month soft ", "agents.plan 0.45 day byTier ", "chat.reply 0.15 day byTier ", "Each tenant, per day 0.3 day byTier tenantId");
        (await client.ReadAsync("/v1/tiers"))["items"].EnumerateArray().Select(tier => $"{tier.GetProperty("pattern")} {tier.GetProperty("tier")}").Should().Equal("chat.reply 1");

        // The day of 2 dollars: Tier 2 is degraded, and nobody is refused.
        var would = made["wouldHave"];
        (would.GetProperty("blocked").GetInt32(), would.GetProperty("degraded").GetInt32() > 0).Should().Be((0, true));
    }

    [Fact]
    public async Task Starter_WithoutTraffic_MakesTheMonth()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        (await client.PostAsync(Path, Answers)).Status.Should().Be(201);

        (await client.ReadAsync("/v1/budgets"))["items"].EnumerateArray().Single().GetProperty("name").GetString().Should().Be("Whole workspace");
    }

    [Fact]
    public async Task Starter_WhereBudgetsAre_Is409AndEnforcementGoesOn()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget());

        (await client.PostAsync(Path, Answers)).Status.Should().Be(409);

        (await client.ReadAsync("/v1/settings"))["observe"].GetBoolean().Should().BeFalse();
    }

    [Theory]
    [InlineData("{}", "monthlyBudgetUsd")]
    [InlineData("""{"monthlyBudgetUsd":0,"owner":"lead@example.com"}""", "monthlyBudgetUsd")]
    [InlineData("""{"monthlyBudgetUsd":10,"owner":"nobody@example.com"}""", "owner")]
    [InlineData("""{"monthlyBudgetUsd":10,"owner":"lead@example.com","revenueEndpoints":["a*b"]}""", "revenueEndpoints")]
    public async Task Starter_WrongAnswers_AreNamedAndNothingIsMade(string body, string field)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var answer = await client.PostAsync(Path, body);

        answer.Status.Should().Be(400, answer.Text);
        answer["errors"].EnumerateObject().Select(error => error.Name).Should().Equal(field);
        (await client.ReadAsync("/v1/settings"))["observe"].GetBoolean().Should().BeFalse();
        (await client.ReadAsync("/v1/tiers"))["items"].GetArrayLength().Should().Be(0);
    }

    private static async Task SpendAsync(HttpClient client)
    {
        for (var day = 1; day <= 5; day++)
        {
            await SendAsync(client, day, "agents.plan", "t1", day == 3 ? 20 : 2);
            await SendAsync(client, day, "agents.plan", "t2", day == 3 ? 0 : 1);
            await SendAsync(client, day, "chat.reply", null, 1);
        }

        await SendAsync(client, 2, "rare.endpoint", null, 1);
    }

    /// <summary>Requests of 10 cents some days ago.</summary>
    private static async Task SendAsync(HttpClient client, int daysAgo, string endpoint, string? tenant, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            var row = JsonNode.Parse(PolicyOpsmeter.Row($"{endpoint}-{tenant}-{daysAgo}-{i}", endpoint, tenant: tenant))!;
            row["occurredAt"] = PolicyOpsmeter.Now.AddDays(-daysAgo).AddSeconds(i).ToString("O", CultureInfo.InvariantCulture);
            await client.CountAsync(row.ToJsonString());
        }
    }
}
