using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Budgets;
using Xunit;

namespace Opsmeter.Tests.Core.Analysis;

public sealed class CapEvidenceTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Advise_Even_SoftIsEnough()
    {
        var advice = Evidence(days: 56).Advise();

        advice.Select(each => (each.Why, each.IsHard, each.Surges, each.Days)).Should().Equal((CapAdvice.Reason.FewSurges, false, 0, 56));
    }

    [Fact]
    public void Advise_QuarterOfFiveTimesTheUsual_HardIsNeeded()
    {
        var evidence = Evidence(days: 56);
        Add(evidence, Start.AddDays(40).AddHours(10), 4m);
        evidence.Advise().Select(each => each.Why).Should().Equal(CapAdvice.Reason.Peak, CapAdvice.Reason.FewSurges);
        var peak = evidence.Advise()[0];
        (peak.Ratio, peak.At, peak.Amount).Should().Be((5m, Start.AddDays(40).AddHours(10), Usd.FromDollars(5)));

        var less = Evidence(days: 56);
        Add(less, Start.AddDays(40).AddHours(10), 3.9m);
        less.Advise().Select(each => each.Why).Should().Equal(CapAdvice.Reason.FewSurges);
    }

    [Fact]
    public void Advise_ThreeSurgesOrALongOne_IsNotEnough()
    {
        var three = Evidence(days: 56);
        foreach (var day in new[] { 10, 20, 30 })
        {
            Add(three, Start.AddDays(day), 3m);
        }

        three.Advise().Should().BeEmpty();

        var oneLong = Evidence(days: 56);
        for (var quarter = 0; quarter < 5; quarter++)
        {
            Add(oneLong, Start.AddDays(10).AddMinutes(15 * quarter), 3m);
        }

        oneLong.Advise().Should().BeEmpty();

        var oneHour = Evidence(days: 56);
        for (var quarter = 0; quarter < 4; quarter++)
        {
            Add(oneHour, Start.AddDays(10).AddMinutes(15 * quarter), 3m);
        }

        oneHour.Advise().Should().ContainSingle().Which.Surges.Should().Be(1);
    }

    [Fact]
    public void Advise_LargeTenantThatComesAndGoes_HardIsNeeded()
    {
        var evidence = Evidence(days: 56);
        for (var day = 0; day < 56; day += 4)
        {
            for (var quarter = 0; quarter < 96; quarter++)
            {
                evidence.Take(Start.AddDays(day).AddMinutes(15 * quarter), Usd.FromDollars(1.9m), "t1", Tier.Tier2);
            }
        }

        var tenant = evidence.Advise().Should().ContainSingle(each => each.Why == CapAdvice.Reason.Tenant).Subject;
        tenant.Tenant.Should().Be("t1");
        tenant.Share.Should().BeApproximately(0.322m, 0.001m);
        tenant.Ratio.Should().BeApproximately(1.73m, 0.01m);
    }

    [Fact]
    public void Advise_OnlyTier1_SoftIsEnough() =>
        Evidence(days: 20, Tier.Tier1).Advise().Select(each => each.Why).Should().Equal(CapAdvice.Reason.FewSurges, CapAdvice.Reason.Tier1);

    [Fact]
    public void Advise_UnderAFortnight_SaysNothingOfPace()
    {
        var evidence = Evidence(days: 13);
        Add(evidence, Start.AddDays(5), 400m);

        evidence.Advise().Should().BeEmpty();
        new CapEvidence(TimeZoneInfo.Utc).Advise().Should().BeEmpty();
    }

    /// <summary>A dollar every quarter of an hour.</summary>
    private static CapEvidence Evidence(int days, Tier tier = Tier.Tier2)
    {
        var evidence = new CapEvidence(TimeZoneInfo.Utc);
        for (var quarter = 0; quarter < days * 96; quarter++)
        {
            evidence.Take(Start.AddMinutes(15 * quarter), Usd.FromDollars(1), "tenant_" + (quarter % 7), tier);
        }

        return evidence;
    }

    private static void Add(CapEvidence evidence, DateTimeOffset at, decimal usd) => evidence.Take(at, Usd.FromDollars(usd), null, Tier.Tier2);
}
