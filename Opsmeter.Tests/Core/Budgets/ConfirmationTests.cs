using AwesomeAssertions;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Core.Budgets;

/// <summary>A day of $100: long 1 h, short 5 min, ceiling $110.</summary>
public sealed class ConfirmationTests
{
    private static readonly Budget Day = TestBudgets.Daily(100m) with { Cap = Cap.Hard };

    [Fact]
    public void Report_CrossingTheLimit_DoesNotConfirm()
    {
        var workspace = new TestWorkspace(Day);

        Spend(workspace, 109.999999999m, "12:00:00");

        Standing(workspace).State.Should().Be(BudgetState.Exceeded);
        Standing(workspace).Confirmed.Should().BeFalse();
        Standing(workspace).PassedAt.Should().Be(TestWorkspace.Instant("2026-01-15T12:00:00Z"));
    }

    [Fact]
    public void Report_SpendAtTheCeiling_ConfirmsAtOnce()
    {
        var workspace = new TestWorkspace(Day);

        Spend(workspace, 110m, "12:00:00");

        Standing(workspace).Confirmed.Should().BeTrue();
        workspace.Transitions.Should().ContainSingle().Which.From.State.Should().Be(BudgetState.Ok);
    }

    [Fact]
    public void Report_StillRunningAwayOneShortWindowLater_Confirms()
    {
        var workspace = new TestWorkspace(Day);
        Spend(workspace, 100.5m, "12:00:00");
        Spend(workspace, 1m, "12:04:59");
        Standing(workspace).Confirmed.Should().BeFalse("the short window is not over");

        Spend(workspace, 0.01m, "12:05:00");

        Standing(workspace).Confirmed.Should().BeTrue();
        workspace.Transitions.Should().HaveCount(2);
        workspace.Transitions[1].BurnLong.Should().BeGreaterThan(1m);
        workspace.Transitions[1].BurnShort.Should().BeGreaterThan(1m);
    }

    [Fact]
    public void Report_ShortWindowCooledDown_DoesNotConfirm()
    {
        var workspace = new TestWorkspace(Day);
        Spend(workspace, 100.5m, "12:00:00");

        Spend(workspace, 0.01m, "12:05:00");

        Standing(workspace).Confirmed.Should().BeFalse("the end at the pace of the last 5 minutes is $101.95");
    }

    [Fact]
    public void Report_BurstAfterALongQuiet_DoesNotConfirm()
    {
        var workspace = new TestWorkspace(Day);
        Spend(workspace, 100.5m, "01:00:00");

        Spend(workspace, 0.1m, "12:00:00");

        Standing(workspace).Confirmed.Should().BeFalse("the end at the pace of the last hour is $101.80");
    }

    [Theory]
    [InlineData(4.5, true)]
    [InlineData(4.499999999, false)]
    public void Report_EndsAroundTheCeiling_ConfirmsFromExactlyTheCeiling(double usd, bool confirmed)
    {
        var workspace = new TestWorkspace(Day);
        Spend(workspace, 101m, "01:00:00");

        // One hour is left, so end(long) = 101 + 2 × this request: exactly $110 for $4.50.
        Spend(workspace, (decimal)usd, "23:00:00");

        Standing(workspace).Confirmed.Should().Be(confirmed);
    }

    [Theory]
    [InlineData(1.08, true)]
    [InlineData(1.09, false)]
    public void Report_BurnAgainstMinRate_ConfirmsFromExactlyMinRate(double minRate, bool confirmed)
    {
        var workspace = new TestWorkspace(Day with { Confirmation = Day.Confirmation with { MinRate = (decimal)minRate } });
        Spend(workspace, 101m, "01:00:00");

        // $4.50 in the last hour of a $100 day is a burn of 1.08.
        Spend(workspace, 4.5m, "23:00:00");

        Standing(workspace).Confirmed.Should().Be(confirmed);
    }

    [Fact]
    public void Report_ConfirmedAndThenQuiet_StaysConfirmed()
    {
        var workspace = new TestWorkspace(Day);
        Spend(workspace, 110m, "12:00:00");

        Spend(workspace, 0.001m, "23:59:59");

        Standing(workspace).Confirmed.Should().BeTrue();
        workspace.Transitions.Should().ContainSingle();
    }

    [Fact]
    public void TakeBack_SpendFallsToTheLimit_ReleasesTheLatch()
    {
        var workspace = new TestWorkspace(Day);
        Spend(workspace, 100m, "11:00:00");
        var voided = Costing(10m, "12:00:00");
        workspace.Report(voided);
        Standing(workspace).Confirmed.Should().BeTrue();

        workspace.TakeBack(voided, voided.Build().OccurredAt.AddHours(1));

        Standing(workspace).Should().Be(new Standing(BudgetState.Warning));
        workspace.Transitions[^1].Cause.Should().Be(TransitionCause.Correction);
    }

    [Fact]
    public void Report_NextWindow_StartsUnconfirmed()
    {
        var workspace = new TestWorkspace(Day);
        Spend(workspace, 110m, "12:00:00");

        workspace.Report(Requests.Costing(1m).At("2026-01-16T00:00:00Z"));

        workspace.Window("2026-01-16T00:00:00Z").Standing.Should().Be(new Standing(BudgetState.Ok));
        Standing(workspace).Confirmed.Should().BeTrue();
    }

    [Fact]
    public void Report_Immediate_ConfirmsWithTheFirstNanoDollarPastTheLimit()
    {
        var workspace = new TestWorkspace(Day.Immediate());
        Spend(workspace, 100m, "12:00:00");
        Standing(workspace).State.Should().Be(BudgetState.Warning);

        Spend(workspace, 0.000000001m, "12:00:01");

        Standing(workspace).Confirmed.Should().BeTrue();
    }

    [Fact]
    public void Report_TotalWindow_IsConfirmedByTheCeilingAlone()
    {
        var workspace = new TestWorkspace(TestBudgets.Total(100m) with { Cap = Cap.Hard });
        Spend(workspace, 101m, "01:00:00");
        Spend(workspace, 4m, "12:00:00");
        Spend(workspace, 4.999999999m, "12:30:00");
        Standing(workspace).Confirmed.Should().BeFalse();
        workspace.Transitions[^1].BurnLong.Should().BeNull();

        Spend(workspace, 0.000000001m, "12:30:01");

        Standing(workspace).Confirmed.Should().BeTrue();
    }

    [Fact]
    public void Report_LimitInRequests_ConfirmsByRequests()
    {
        var workspace = new TestWorkspace(Day with { Limits = new Limits(null, 10, null) });
        for (var count = 1; count <= 11; count++)
        {
            Spend(workspace, 0m, $"12:00:{count:00}");
        }

        Standing(workspace).Confirmed.Should().BeTrue("eleven requests are the ceiling of ten");
        workspace.Transitions[^1].Measure.Should().Be(Measure.Requests);
    }

    private static void Spend(TestWorkspace workspace, decimal usd, string time) => workspace.Report(Costing(usd, time));

    private static RequestBuilder Costing(decimal usd, string time) => Requests.Costing(usd).At($"2026-01-15T{time}Z");

    private static Standing Standing(TestWorkspace workspace) => workspace.Window("2026-01-15T12:00:00Z").Standing;
}
