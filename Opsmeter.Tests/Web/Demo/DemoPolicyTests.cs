using System.Globalization;
using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Demo;
using Xunit;

namespace Opsmeter.Tests.Web.Demo;

public sealed class DemoPolicyTests(DemoMonth month) : IClassFixture<DemoMonth>
{
    [Fact]
    public void For_TheMonth_ShowsAMixOfOkAndWarning()
    {
        var policy = DemoPolicy.For(month.Priced, DemoMonth.Now, DemoMonth.Zone.Id);

        var states = States(policy);

        states["Agents research"].Should().Be(BudgetState.Ok);
        states["Summarise"].Should().Be(BudgetState.Warning);
        states["Each tenant, per day"].Should().Be(BudgetState.Warning);
        states["Chat reply"].Should().Be(BudgetState.Ok);
        states["Whole workspace"].Should().Be(BudgetState.Ok);
        states["Guardrail checks"].Should().Be(BudgetState.Ok);
    }

    [Fact]
    public void For_TheFirstMinuteOfAMonth_StillHasSensibleLimits()
    {
        var policy = DemoPolicy.For([], MonthStart, "UTC");

        policy.Budgets.Where(budget => budget.Limits.Usd is not null)
            .Should().OnlyContain(budget => budget.Limits.Usd!.Value.Dollars >= 8m);
        policy.Budgets.Should().OnlyContain(budget => !budget.Limits.IsNone && budget.Window.TimeZone == "UTC");
    }

    [Fact]
    public void For_Limits_AreNumbersAPersonWouldSet() =>
        DemoPolicy.For(month.Priced, DemoMonth.Now, DemoMonth.Zone.Id).Budgets
            .Where(budget => budget.Limits.Usd is not null)
            .Select(budget => budget.Limits.Usd!.Value.Dollars.ToString("0.#########", CultureInfo.InvariantCulture).TrimEnd('0').Length)
            .Should().OnlyContain(digits => digits <= 2);

    [Fact]
    public void Tiers_EveryEndpoint_IsClassified()
    {
        var tiers = new TierMap(DemoPolicy.Tiers, Tier.Tier2);

        DemoCompany.Endpoints.Where(endpoint => !Classified(endpoint.Tag)).Should().BeEmpty();
        tiers.For(DemoCompany.Runaway).Tier.Should().Be(Tier.Tier3);

        bool Classified(string tag)
        {
            tiers.For(tag, out var classified);
            return classified;
        }
    }

    private static DateTimeOffset MonthStart => new(2026, 12, 1, 0, 0, 30, TimeSpan.Zero);

    private Dictionary<string, BudgetState> States(DemoPolicy demo)
    {
        var policy = new WorkspacePolicy(new WorkspaceSettings(), demo.Budgets, DemoPolicy.Tiers, new WorkspaceSettings.Rates(10m, 40m));
        var meters = demo.Budgets.ToDictionary(
            budget => budget.Name, budget => new BudgetMeters(budget, DateTimeOffset.MinValue, (_, _, _) => null, TestWorkspace.NoHours));
        foreach (var row in month.Priced)
        {
            foreach (var meter in meters.Values)
            {
                if (meter.WindowAt(DemoMonth.Now).Contains(row.Request.OccurredAt)
                    && Pipeline.TryMatch(policy, meter.Budget, row, out var key, out var amount))
                {
                    meter.Count(key, row.Request.OccurredAt, amount, DemoMonth.Now);
                }
            }
        }

        return meters.ToDictionary(meter => meter.Key, meter =>
        {
            meter.Value.Evaluate(TransitionCause.Request, DemoMonth.Now, []);
            return meter.Value.Readings().Select(reading => reading.Standing.State).DefaultIfEmpty().Max();
        });
    }
}
