using System.Globalization;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

/// <summary>A hard cap of $1 a day that has confirmed its block at $1.20 by 14:00: what keeps the block, and what ends it.</summary>
public sealed class LatchTests : IAsyncLifetime
{
    private TestOpsmeter _opsmeter = null!;
    private HttpClient _client = null!;
    private string _path = null!;

    public async ValueTask InitializeAsync()
    {
        _opsmeter = await PolicyOpsmeter.StartAsync();
        _client = await _opsmeter.ClientAsync();
        var created = await _client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", 1), ("cap", "hard")));
        created.Status.Should().Be(201, created.Text);
        _path = created.Location!;
        await SpendAsync("first", 0.7m);
        await SpendAsync("second", 0.5m);
        (await DecideAsync()).Should().Be("block hard_exceeded_confirmed");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _opsmeter.DisposeAsync();
    }

    [Fact]
    public async Task Latch_BurnOfNothing_HoldsToTheWindowsEnd()
    {
        for (var hour = 15; hour < 24; hour++)
        {
            _opsmeter.Clock!.Advance(TimeSpan.FromHours(1));
            await SpendAsync($"hour_{hour}", 0.000001m);
            (await DecideAsync()).Should().Be("block hard_exceeded_confirmed", $"at {hour}:00");
        }

        var burning = (await _client.ReadAsync("/v1/budgets/state"))["items"][0];
        burning.GetProperty("burnShort").GetDecimal().Should().BeLessThan(0.001m);
        (await TransitionsAsync()).Should().Equal("ok exceeded True");
        _opsmeter.Clock!.Advance(TimeSpan.FromHours(1));
        (await DecideAsync()).Should().Be("allow within_budget");
    }

    [Fact]
    public async Task Latch_EditThatLeavesTheLimit_Holds()
    {
        await EditAsync(("notes", "Asked finance."), ("blockMessage", "Back tomorrow."));

        (await DecideAsync()).Should().Be("block hard_exceeded_confirmed");
    }

    [Fact]
    public async Task Latch_LimitLowered_Holds()
    {
        _opsmeter.Clock!.Advance(TimeSpan.FromHours(3));

        await EditAsync(("limitUsd", 0.5m));

        (await DecideAsync()).Should().Be("block hard_exceeded_confirmed");
    }

    [Fact]
    public async Task Lowered_ToTheSpendOfABudgetThatWasFine_IsEvaluatedAtOnce()
    {
        await EditAsync(("limitUsd", 10));
        (await DecideAsync()).Should().Be("allow within_budget");

        await EditAsync(("limitUsd", 1.5m));
        (await DecideAsync()).Should().Be("allow hard_warning");
        await EditAsync(("limitUsd", 1.2m));
        (await DecideAsync()).Should().Be("allow hard_warning", "spend at the limit has not passed it");
        await EditAsync(("limitUsd", 1.1m));
        (await DecideAsync()).Should().Be("degrade hard_exceeded", "below the ceiling, and passed only just now");
        await EditAsync(("limitUsd", 1));
        (await DecideAsync()).Should().Be("block hard_exceeded_confirmed", "above the ceiling");
    }

    // $1.20 against the limit raised: state and confirmation anew.
    [Theory]
    [InlineData(2, "allow within_budget")]
    [InlineData(1.5, "allow hard_warning")]
    [InlineData(1.2, "allow hard_warning")]
    [InlineData(1.15, "degrade hard_exceeded")]
    [InlineData(1.05, "block hard_exceeded_confirmed")]
    public async Task Raised_TheLatch_IsComputedAnew(double limit, string expected)
    {
        // Hours later, so that only the ceiling could still confirm.
        _opsmeter.Clock!.Advance(TimeSpan.FromHours(3));
        await SpendAsync("quiet", 0);

        await EditAsync(("limitUsd", (decimal)limit));

        (await DecideAsync()).Should().Be(expected);
    }

    [Fact]
    public async Task Raised_AndPassedAgain_BlocksAgain()
    {
        await EditAsync(("limitUsd", 2));
        await SpendAsync("third", 0.9m);
        (await DecideAsync()).Should().Be("degrade hard_exceeded");

        await SpendAsync("fourth", 0.1m);

        (await DecideAsync()).Should().Be("block hard_exceeded_confirmed");
        (await TransitionsAsync()).Should().Equal(
            "exceeded exceeded True", "ok exceeded False", "exceeded ok False", "ok exceeded True");
    }

    [Fact]
    public async Task Raised_ForOneKey_UnblocksThatOneAlone()
    {
        var created = await _client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(
            ("name", "Tenants"), ("limitUsd", 1), ("cap", "hard"), ("per", "tenantId"),
            ("conditions", JsonNode.Parse("""[{"dimension":"endpointTag","values":["chat.*"]}]"""))));
        await EditAsync(("limitUsd", 100));
        foreach (var tenant in new[] { "tenant_a", "tenant_b" })
        {
            await SpendAsync(tenant, 1.2m, "chat.reply", tenant);
        }

        (await DecideAsync("chat.reply", "tenant_a")).Should().Be("block hard_exceeded_confirmed");
        await EditAsync(created.Location!, ("overrides", JsonNode.Parse("""[{"value":"tenant_a","limitUsd":3}]""")));

        (await DecideAsync("chat.reply", "tenant_a")).Should().Be("allow within_budget");
        (await DecideAsync("chat.reply", "tenant_b")).Should().Be("block hard_exceeded_confirmed");
    }

    [Fact]
    public async Task Corrected_ToTheLimitOrBelow_IsFree()
    {
        await VoidAsync("second");

        (await DecideAsync()).Should().Be("allow within_budget");
        (await TransitionsAsync()).Should().Equal("exceeded ok False", "ok exceeded True");
    }

    [Fact]
    public async Task Corrected_ButAboveTheLimit_StaysBlocked()
    {
        await SpendAsync("small", 0.2m);

        await VoidAsync("small");

        (await DecideAsync()).Should().Be("block hard_exceeded_confirmed");
    }

    private Task SpendAsync(string id, decimal dollars, string endpoint = "agents.plan", string? tenant = null) => _client.CountAsync(RowText.Of(
        id, _opsmeter.Clock!.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), endpoint,
        input: (long)(dollars * 4_000_000), output: 0, tenant: tenant));

    private Task EditAsync(params (string Name, JsonNode? Value)[] changes) => EditAsync(_path, changes);

    private async Task EditAsync(string path, params (string Name, JsonNode? Value)[] changes)
    {
        var budget = (await _client.ReadAsync(path)).Text;
        var answer = await _client.SendAsync(HttpMethod.Put, path, PolicyOpsmeter.Body(budget, changes));
        answer.Status.Should().Be(200, answer.Text);
    }

    private async Task<string> DecideAsync(string endpoint = "agents.plan", string? tenant = null)
    {
        var question = new JsonObject { ["endpointTag"] = endpoint, ["tenantId"] = tenant };
        var answer = await _client.PostAsync("/v1/decisions", question.ToJsonString());
        return answer["action"].GetString() + " " + answer["reason"].GetString();
    }

    private async Task VoidAsync(string id) =>
        (await _client.PostAsync($"/v1/requests/{id}/void", """{"revision":1,"reason":"Counted twice."}""")).Status.Should().Be(200);

    /// <summary>From, to and whether confirmed, the newest first.</summary>
    private async Task<string[]> TransitionsAsync() =>
    [
        .. (await _client.ReadAsync(_path + "/transitions"))["items"].EnumerateArray().Select(item =>
            $"{item.GetProperty("from").GetString()} {item.GetProperty("to").GetString()} {item.GetProperty("confirmed").GetBoolean()}"),
    ];
}
