using AwesomeAssertions;
using CsCheck;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Core;

public sealed class PipelineTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 27, 20, 0, 0, TimeSpan.Zero);

    private static readonly Budget[] Budgets =
    [
        TestBudgets.Hourly(3m).Named("hour"),
        TestBudgets.Daily(20m).Named("day") with { Cap = Cap.Hard, Window = new() { Kind = WindowKind.Day, TimeZone = "Africa/Cairo" } },
        TestBudgets.Daily(5m).Named("tenant") with { Per = Dimension.TenantId, UnkeyedLimit = Usd.FromDollars(4m) },
        TestBudgets.Total(60m).Named("total") with { Limits = new Limits(Usd.FromDollars(60m), 50, null) },
    ];

    // Three days of requests, at whole seconds; the moment, the cost in cents and the tenant (0 for none).
    private static readonly Gen<List<(int Second, int Cents, int Tenant)>> Traffic =
        Gen.Select(Gen.Int[0, 3 * 86_400], Gen.Int[0, 300], Gen.Int[0, 3]).List[1, 60];

    [Fact]
    public void Report_AnyOrderOfArrival_CountsTheSameInEveryWindow() =>
        Gen.Select(Traffic, Gen.Int).Sample(
            (traffic, seed) =>
            {
                var shuffled = traffic.ToArray();
                new Random(seed).Shuffle(shuffled);
                var now = Start.AddDays(1.5);

                var inOrder = Run(traffic.OrderBy(each => each.Second), _ => now);
                var anyhow = Run(shuffled, _ => now);

                Sums(anyhow).Should().Equal(Sums(inOrder));
                States(anyhow).Should().Equal(States(inOrder));
            },
            iter: 80, threads: 1);

    [Fact]
    public void Report_SameRequestsAgain_GivesTheSameStatesAndTransitions() =>
        Traffic.Sample(
            traffic =>
            {
                // Each arrives when it occurs or up to some minutes later, so some are late and out of order.
                var first = Run(traffic, each => Start.AddSeconds(each.Second + each.Cents));
                var second = Run(traffic, each => Start.AddSeconds(each.Second + each.Cents));

                second.Transitions.Should().Equal(first.Transitions);
                second.Ledger.Should().Equal(first.Ledger);
            },
            iter: 50, threads: 1);

    [Fact]
    public void Report_OnlyNewRequests_PassesEachThresholdOnceAWindowAndNeverBack() =>
        Traffic.Sample(
            traffic =>
            {
                var workspace = Run(traffic, each => Start.AddSeconds(each.Second + (each.Cents * 60)));

                foreach (var window in workspace.Transitions.GroupBy(each => (each.BudgetId, each.Key, each.Window)))
                {
                    var standings = window.Select(each => (each.To.State, each.To.Confirmed)).ToList();
                    standings.Should().OnlyHaveUniqueItems();
                    standings.Should().BeInAscendingOrder();
                    window.Should().OnlyContain(each => each.From.State <= each.To.State);
                }
            },
            iter: 80, threads: 1);

    [Fact]
    public void Report_Replacement_TakesTheEarlierRowBack()
    {
        var workspace = new TestWorkspace(TestBudgets.Daily(10m));
        var wrong = Requests.Costing(12m).At(Start);
        workspace.Report(wrong);

        workspace.Pipeline.Report(Requests.Costing(3m).At(Start).Priced(), wrong.Priced(), Start.AddMinutes(1))
            .Should().ContainSingle().Which.Should().Match<Transition>(each =>
                each.Cause == TransitionCause.Correction && each.To.State == BudgetState.Ok && each.Sums.Requests == 1
                && each.Sums.Spend == Usd.FromDollars(3m));
    }

    [Fact]
    public void Advance_WindowEnds_NamesTheBudgetOnce()
    {
        var workspace = new TestWorkspace(TestBudgets.Hourly(10m));
        workspace.Report(Requests.Costing(1m).At(Start));

        workspace.Pipeline.Advance(Start.AddHours(1).AddTicks(-1)).Should().BeEmpty();
        workspace.Pipeline.Advance(Start.AddHours(1)).Should().ContainSingle();
        workspace.Pipeline.Advance(Start.AddHours(2)).Should().BeEmpty();
    }

    private static TestWorkspace Run(
        IEnumerable<(int Second, int Cents, int Tenant)> traffic, Func<(int Second, int Cents, int Tenant), DateTimeOffset> arrives)
    {
        var workspace = new TestWorkspace(Budgets);
        foreach (var each in traffic)
        {
            var request = Requests.Costing(each.Cents / 100m).At(Start.AddSeconds(each.Second));
            workspace.Report(each.Tenant == 0 ? request : request.Tenant($"tenant_{each.Tenant}"), arrives(each));
        }

        return workspace;
    }

    private static IEnumerable<(string Window, WindowSums Sums)> Sums(TestWorkspace workspace) =>
        workspace.Ledger.Select(record => (Name(record), record.Sums)).Order(ByName<WindowSums>());

    private static IEnumerable<(string Window, BudgetState State)> States(TestWorkspace workspace) =>
        workspace.Ledger.Select(record => (Name(record), record.Standing.State)).Order(ByName<BudgetState>());

    private static Comparer<(string Window, T Value)> ByName<T>() =>
        Comparer<(string Window, T Value)>.Create((a, b) => string.CompareOrdinal(a.Window, b.Window));

    private static string Name(MeterRecord record) => $"{record.BudgetId} {record.Key} {record.Window.Start:O}";
}
