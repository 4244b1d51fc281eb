using System.Globalization;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Web.Decisions;

/// <summary>Holds through HTTP. 400,000 input tokens of gpt-5-mini cost 10 cents.</summary>
public sealed class HoldApiTests
{
    private const string Immediate = """{"mode":"immediate"}""";

    [Fact]
    public async Task Ask_WithIdAndEstimate_HoldsIt()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter);

        var answer = await AskAsync(client, "req_1", seconds: 60);

        var reservation = answer["reservation"];
        reservation.GetProperty("externalRequestId").GetString().Should().Be("req_1");
        reservation.GetProperty("heldUsd").GetDecimal().Should().Be(0.1m);
        reservation.GetProperty("basis").GetString().Should().Be("estimate");
        reservation.GetProperty("expiresAt").GetDateTimeOffset().Should().Be(PolicyOpsmeter.Now.AddSeconds(60));
        var budget = answer["budgets"].EnumerateArray().Single();
        budget.GetProperty("heldUsd").GetDecimal().Should().Be(0.1m);
        budget.GetProperty("remainingUsd").GetDecimal().Should().Be(0.4m);
        (await StateAsync(client)).Should().Be((0m, 0.1m, 0m, "ok"));
    }

    [Fact]
    public async Task Ask_PastTheLimit_IsRefusedAndTheStateStays()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter);
        for (var i = 0; i < 5; i++)
        {
            (await AskAsync(client, $"req_{i}"))["action"].GetString().Should().Be("allow");
        }

        var refused = await AskAsync(client, "req_5");

        (refused["action"].GetString(), refused["reason"].GetString()).Should().Be(("block", "hold_refused"));
        refused["reservation"].ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
        refused["message"].GetString().Should().NotBeNullOrEmpty();
        (await StateAsync(client)).Should().Be((0m, 0.5m, 0m, "ok"));
        (await AskAsync(client, "req_4"))["action"].GetString().Should().Be("allow", "the same id replaces its hold");
    }

    [Fact]
    public async Task Ask_BurnRateConfirmation_IsRefusedPastTheCeiling()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter, ("confirmation", JsonNode.Parse("""{"mode":"burnRate","ceiling":1.2}""")));
        for (var i = 0; i < 6; i++)
        {
            (await AskAsync(client, $"req_{i}"))["action"].GetString().Should().Be("allow");
        }

        (await AskAsync(client, "req_6"))["reason"].GetString().Should().Be("hold_refused");
    }

    [Theory]
    [InlineData("soft", null)]
    [InlineData("degrade", null)]
    [InlineData("byTier", null)]
    [InlineData("hard", 1)]
    public async Task Ask_CapThatCannotBlock_IsNeverRefused(string cap, int? tier)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter, ("cap", cap));
        if (tier is not null)
        {
            await client.PostAsync("/v1/tiers", $$"""{"pattern":"agents.*","tier":{{tier}},"owner":"lead@example.com"}""");
        }

        for (var i = 0; i < 8; i++)
        {
            (await AskAsync(client, $"req_{i}"))["action"].GetString().Should().Be("allow");
        }

        (await StateAsync(client)).Held.Should().Be(0.8m);
    }

    [Fact]
    public async Task Report_SameId_SettlesTheHold()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter);
        await AskAsync(client, "req_1", input: 800_000);

        await client.CountAsync(PolicyOpsmeter.Row("req_1"));

        (await StateAsync(client)).Should().Be((0.1m, 0m, 0m, "ok"));
    }

    [Fact]
    public async Task Delete_Hold_ReleasesItOnce()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter);
        await AskAsync(client, "req/1");

        (await client.SendAsync(HttpMethod.Delete, "/v1/decisions/req/1", null)).Status.Should().Be(204);

        (await StateAsync(client)).Held.Should().Be(0);
        (await client.SendAsync(HttpMethod.Delete, "/v1/decisions/req/1", null)).Status.Should().Be(404);
    }

    [Theory]
    [InlineData("charge", 0.1, 0.1)]
    [InlineData("release", 0, 0)]
    public async Task Expiry_WithoutRequest_IsTheBudgetsChoice(string expiry, double held, double unsettled)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter, ("holdExpiry", expiry));
        await AskAsync(client, "req_1");

        opsmeter.Clock!.Advance(TimeSpan.FromSeconds(120));

        (await StateAsync(client)).Should().Be((0m, (decimal)held, (decimal)unsettled, "ok"));
        await client.CountAsync(PolicyOpsmeter.Row("req_1"));
        (await StateAsync(client)).Should().Be((0.1m, 0m, 0m, "ok"), "the request that comes late corrects it");
    }

    [Theory]
    [InlineData("00:10:00")]
    [InlineData("-00:10:00")]
    [InlineData("400.00:00:00")]
    [InlineData("-400.00:00:00")]
    public async Task Clock_ThatIsSetAndSetBack_NeitherEndsNorProlongsAHold(string jump)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter, ("holdExpiry", "release"));
        await AskAsync(client, "req_1", seconds: 60);

        opsmeter.Clock!.SetAhead = TimeSpan.Parse(jump, CultureInfo.InvariantCulture);
        opsmeter.Clock.Advance(TimeSpan.FromSeconds(30));
        await AskAsync(client, "req_2", seconds: 60);
        await AskAsync(client, "req_3", seconds: 10);
        opsmeter.Clock.SetAhead = TimeSpan.Zero;

        (await client.SendAsync(HttpMethod.Delete, "/v1/decisions/req_2", null)).Status.Should().Be(204);
        (await client.SendAsync(HttpMethod.Delete, "/v1/decisions/req_3", null)).Status.Should().Be(204);
        (await StateAsync(client)).Held.Should().Be(0.1m, "half of its minute has passed");
        opsmeter.Clock.Advance(TimeSpan.FromSeconds(30));
        (await StateAsync(client)).Held.Should().Be(0, "its minute has passed");
    }

    [Fact]
    public async Task WindowEnd_HoldOfTheOldWindow_EndsWithIt()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter);
        await AskAsync(client, "req_1", seconds: 86_400);

        opsmeter.Clock!.Advance(TimeSpan.FromHours(10));

        (await AskAsync(client, "req_2"))["budgets"].EnumerateArray().Single().GetProperty("heldUsd").GetDecimal().Should().Be(0.1m);
    }

    [Fact]
    public async Task Restart_LiveAndExpiredHolds_AreStillThere()
    {
        using var folder = new TestFolder();
        await using (var first = new TestOpsmeter(folder.Path, PolicyOpsmeter.Now))
        {
            await first.AddMemberAsync(PolicyOpsmeter.Owner);
            using var client = await WithBudgetAsync(first);
            await AskAsync(client, "req_1", seconds: 30);
            await AskAsync(client, "req_2", seconds: 600);
        }

        await using var again = new TestOpsmeter(folder.Path, PolicyOpsmeter.Now.AddSeconds(60));
        using var later = await again.ClientAsync();

        (await StateAsync(later)).Should().Be((0m, 0.2m, 0.1m, "ok"));
    }

    [Fact]
    public async Task Ask_WithoutEstimate_HoldsTheMeanOfSevenDays()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter);
        (await client.PostAsync("/v1/decisions", Question("req_0")))["reservation"].ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null, "nothing is known yet");
        await client.CountAsync(PolicyOpsmeter.Row("seen_1"));
        await client.CountAsync(RowText.Of("seen_2", endpoint: "agents.plan", input: 800_000, output: 0));
        opsmeter.Clock!.Advance(TimeSpan.FromMinutes(2));

        var answer = await client.PostAsync("/v1/decisions", Question("req_1"));

        answer["reservation"].GetProperty("heldUsd").GetDecimal().Should().Be(0.15m);
        answer["reservation"].GetProperty("basis").GetString().Should().Be("mean");
    }

    [Theory]
    [InlineData("gpt-5-mini", ""","reserve":false""")]
    [InlineData("nobody-has-heard-of-it", "")]
    public async Task Ask_NothingToHold_AnswersWithoutReservation(string model, string more)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter);

        var answer = await client.PostAsync("/v1/decisions", Question("req_1", ""","estimatedInputTokens":400000,"maxOutputTokens":0""" + more, model));

        answer["action"].GetString().Should().Be("allow");
        answer["reservation"].ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
        (await StateAsync(client)).Held.Should().Be(0);
    }

    [Fact]
    public async Task Ask_OneOfTwoBudgetsRefuses_HoldsAgainstNeither()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter);
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("name", "Wide"), ("limitUsd", 100)));
        for (var i = 0; i < 6; i++)
        {
            await AskAsync(client, $"req_{i}");
        }

        var states = (await client.ReadAsync("/v1/budgets/state"))["items"].EnumerateArray().Select(item => item.GetProperty("heldUsd").GetDecimal());

        states.Should().Equal(0.5m, 0.5m);
    }

    [Fact]
    public async Task Observe_AskPastTheLimit_IsAllowedAndHeld()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter);
        await client.SendAsync(HttpMethod.Put, "/v1/settings", """{"observe":true}""");
        for (var i = 0; i < 5; i++)
        {
            await AskAsync(client, $"req_{i}");
        }

        var answer = await AskAsync(client, "req_5");

        (answer["action"].GetString(), answer["wouldBe"].GetString()).Should().Be(("allow", "block"));
        (await StateAsync(client)).Held.Should().Be(0.6m);
    }

    internal static async Task<HttpClient> WithBudgetAsync(TestOpsmeter opsmeter, params (string Name, JsonNode? Value)[] changes)
    {
        var client = await opsmeter.ClientAsync();
        var created = await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(
            [("limitUsd", 0.5), ("cap", "hard"), ("confirmation", JsonNode.Parse(Immediate)), .. changes]));
        created.Status.Should().Be(201, created.Text);
        return client;
    }

    private static Task<JsonAnswer> AskAsync(HttpClient client, string id, int input = 400_000, int seconds = 120) =>
        client.PostAsync("/v1/decisions", Question(id, $$""","estimatedInputTokens":{{input}},"maxOutputTokens":0,"holdSeconds":{{seconds}}"""));

    private static string Question(string id, string more = "", string model = "gpt-5-mini") =>
        $$"""{"externalRequestId":"{{id}}","endpointTag":"agents.plan","provider":"openai","model":"{{model}}"{{more}}}""";

    private static async Task<(decimal Spent, decimal Held, decimal Unsettled, string State)> StateAsync(HttpClient client)
    {
        var item = (await client.ReadAsync("/v1/budgets/state"))["items"].EnumerateArray().First();
        return (item.GetProperty("spentUsd").GetDecimal(), item.GetProperty("heldUsd").GetDecimal(), item.GetProperty("unsettledUsd").GetDecimal(),
            item.GetProperty("state").GetString()!);
    }
}
