using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Replay;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Demo;
using Xunit;

namespace Opsmeter.Tests.Web.Demo;

/// <summary>
/// The demo's month and policy, replayed and lived through: every request of it, one by one, by a client that reports all it
/// sends, and by one that asks first and does as it is told.
/// </summary>
public sealed class DemoReplayTests(DemoMonth month) : IClassFixture<DemoMonth>
{
    // The demo's limits are there to be kept; at these every cap has something to do, in every budget.
    private const decimal Tighter = 0.6m;

    [Theory]
    [InlineData(Cap.ByTier)]
    [InlineData(Cap.Soft)]
    [InlineData(Cap.Degrade)]
    [InlineData(Cap.Hard)]
    public void Month_UnderEveryCap_IsReplayedAsItIsLived(Cap cap)
    {
        var budgets = Budgets(cap);
        var sent = Live(budgets, isAsking: false);
        var obeyed = Live(budgets, isAsking: true);

        var result = Replay(budgets);

        result.Requests.Should().Be(month.Priced.Count);
        result.Transitions.Should().Equal(sent.Workspace.Transitions).And.HaveCountGreaterThan(100);
        result.AsSent.Spend.Should().Be(sent.Spend);
        Windows(result, window => window.Sent).Should().BeEquivalentTo(Windows(sent.Workspace), "each window, to the nano-dollar");

        result.ObeyedTransitions.Should().Equal(obeyed.Workspace.Transitions);
        (result.AsObeyed.Spend, result.AsObeyed.Degraded, result.AsObeyed.Blocked).Should().Be((obeyed.Spend, obeyed.Degraded, obeyed.Blocked));
        Windows(result, window => window.Obeyed).Should().BeEquivalentTo(Windows(obeyed.Workspace));
        (obeyed.Degraded > 0, obeyed.Blocked > 0).Should().Be((cap != Cap.Soft, cap is Cap.Hard or Cap.ByTier), "the cap had something to do");
    }

    private (TestWorkspace Workspace, Usd Spend, int Degraded, int Blocked) Live(Budget[] budgets, bool isAsking)
    {
        var live = new TestWorkspace(new WorkspaceSettings(), DemoPolicy.Tiers, budgets);
        var (spend, degraded, blocked) = (Usd.Zero, 0, 0);
        foreach (var row in month.Priced)
        {
            var now = row.Request.OccurredAt;
            var decision = isAsking ? live.Decide(row, now) : null;
            if (decision is { Action: DecisionAction.Block })
            {
                blocked++;
                continue;
            }

            var made = row;
            if (decision is { Action: DecisionAction.Degrade, DegradedMode: { } mode })
            {
                degraded++;
                made = AsTold(row, mode);
            }

            // Staging and tests are in the month too, and in no budget.
            var counts = row.Request is { Environment: DeploymentEnvironment.Prod, DataMode: DataMode.Real };
            spend += counts ? made.Cost ?? Usd.Zero : Usd.Zero;
            live.Report(made, now);
        }

        return (live, spend, degraded, blocked);
    }

    /// <summary>What a client makes of a degraded mode: the other model, and no more output than it may.</summary>
    private static PricedRow AsTold(PricedRow row, DegradedMode mode)
    {
        var usage = row.Request.Usage;
        var output = mode.MaxOutputTokens is { } most && most < usage.Output ? most : usage.Output;
        if (mode.Model is null && output == usage.Output)
        {
            return row;
        }

        var request = row.Request with
        {
            Model = mode.Model ?? row.Request.Model, ReportedCost = null,
            Usage = usage with { Output = output, Reasoning = Math.Min(usage.Reasoning, output), AudioOutput = 0 },
        };
        var priced = PriceBook.BuiltIn.Price(request);
        return new PricedRow(request, priced.Provider, priced.Cost);
    }

    private ReplayResult Replay(Budget[] budgets)
    {
        var policy = new WorkspacePolicy(new WorkspaceSettings(), budgets, DemoPolicy.Tiers, new WorkspaceSettings.Rates(10m, 40m));
        var range = new TimeWindow(month.Priced[0].Request.OccurredAt, DemoMonth.Now);
        var replay = new PolicyReplay(policy, PriceBook.BuiltIn, range, TestWorkspace.NoHours, comparesCaps: false);
        foreach (var chunk in month.Priced.Chunk(8_192))
        {
            replay.Take(chunk);
        }

        return replay.Result();
    }

    private Budget[] Budgets(Cap cap) =>
    [
        .. DemoPolicy.For(month.Priced, DemoMonth.Now, DemoMonth.Zone.Id).Budgets.Select(budget => budget with
        {
            Cap = cap, Limits = budget.Limits with { Usd = budget.Limits.Usd is { } usd ? Usd.FromDollars(usd.Dollars * Tighter) : null },
        }),
    ];

    private static Dictionary<(string BudgetId, DateTimeOffset Start), Usd> Windows(ReplayResult result, Func<ReplayWindow, Usd> spend) =>
        result.Windows.Where(window => spend(window) > Usd.Zero).ToDictionary(window => (window.BudgetId, window.Window.Start), spend);

    private static Dictionary<(string BudgetId, DateTimeOffset Start), Usd> Windows(TestWorkspace live) =>
        live.Ledger.GroupBy(meter => (meter.BudgetId, meter.Window.Start))
            .Select(window => (window.Key, Spend: new Usd(window.Sum(meter => meter.Sums.Spend.Nano))))
            .Where(window => window.Spend > Usd.Zero).ToDictionary(window => window.Key, window => window.Spend);
}
