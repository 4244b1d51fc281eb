using System.Diagnostics;
using System.Globalization;
using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Demo;
using Xunit;

namespace Opsmeter.Tests.Web.Demo;

public sealed class DemoTrafficTests(DemoMonth month) : IClassFixture<DemoMonth>
{
    [Fact]
    public void Before_SameSeed_GivesTheSameRequests()
    {
        var again = DemoTraffic.Before(DemoMonth.Seed, DemoMonth.Now, DemoMonth.Zone).Take(20_000);
        var other = DemoTraffic.Before(DemoMonth.Seed + 1, DemoMonth.Now, DemoMonth.Zone).Take(100);

        again.Should().Equal(month.Requests.Take(20_000));
        other.Should().NotEqual(month.Requests.Take(100));
    }

    [Fact]
    public void Before_Month_IsInOrderOfTimeAndOfId()
    {
        month.Requests.Should().HaveCountGreaterThan(297_000).And.HaveCountLessThan(303_000);
        month.Requests.Zip(month.Requests.Skip(1)).Should().OnlyContain(pair =>
            pair.First.OccurredAt <= pair.Second.OccurredAt
            && string.CompareOrdinal(pair.First.ExternalRequestId, pair.Second.ExternalRequestId) < 0);
        month.Requests[0].OccurredAt.Should().BeOnOrAfter(DemoMonth.Now.AddDays(-30).AddSeconds(-1));
        month.Requests[^1].OccurredAt.Should().BeBefore(DemoMonth.Now);
    }

    [Fact]
    public void Before_Month_IsMadeInUnderThreeSeconds()
    {
        // Other tests run beside this one, so the best of three tells what the generator takes.
        var best = Enumerable.Range(0, 3).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            DemoTraffic.Before(DemoMonth.Seed, DemoMonth.Now, DemoMonth.Zone).Count().Should().Be(month.Requests.Count);
            return watch.Elapsed;
        });

        best.Should().BeLessThan(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void Before_Dimensions_AreAsManyAsPlanned()
    {
        Values(request => request.EndpointTag).Should().HaveCount(12);
        Values(request => request.TenantId).Where(tenant => tenant is not null).Should().HaveCount(200).And.Contain(DemoCompany.LoudTenant);
        Values(request => request.Model).Should().HaveCount(9);
        Values(request => request.UserId).Count().Should().BeInRange(1_000, 10_000);
        month.Requests.Where(request => request.TenantId is not null).GroupBy(request => request.UserId)
            .Should().OnlyContain(user => user.Select(request => request.TenantId).Distinct().Count() == 1);
    }

    [Fact]
    public void Before_Tenants_HaveAHeavyTail()
    {
        var sizes = month.Requests.Where(request => request.TenantId is not null).CountBy(request => request.TenantId!)
            .Select(size => size.Value).OrderDescending().ToList();

        (sizes.Take(10).Sum() / (double)sizes.Sum()).Should().BeInRange(0.35, 0.65);
        sizes[^1].Should().BeLessThan(sizes[0] / 50);
    }

    [Fact]
    public void Before_Shares_AreAsPlanned()
    {
        Share(request => request.IsError).Should().BeInRange(0.006, 0.008);
        Share(request => request.Environment == DeploymentEnvironment.Staging).Should().BeInRange(0.018, 0.022);
        Share(request => request.DataMode == DataMode.Demo).Should().BeInRange(0.009, 0.011);
        Share(request => request.Model == DemoCompany.Unpriced.Name).Should().BeInRange(0.0045, 0.0055);
        Share(request => request.EndpointTag == "chat.reply").Should().BeInRange(0.25, 0.27);
        Share(request => request.Usage.Cached > 0).Should().BeInRange(0.2, 0.6);
    }

    [Fact]
    public void Before_Requests_AreWhatIngestTakes() => month.Requests.Should().OnlyContain(request =>
        request.Usage.Input > 0 && request.Usage.Output >= 0 && request.Usage.PlainInput >= 0
        && request.LatencyMs > 0 && request.LatencyMs <= 86_400_000
        && (request.IsError == (request.ErrorCode != null)));

    [Fact]
    public void Before_Models_AreAllPricedButTheCompanysOwn() =>
        month.Priced.GroupBy(row => row.Request.Model).Where(model => model.Any(row => row.Cost is null))
            .Select(model => model.Key).Should().Equal(DemoCompany.Unpriced.Name);

    [Fact]
    public void Before_SpendOfTheMonth_IsThatOfASmallCompany() =>
        month.Real.Sum(row => row.Cost?.Dollars ?? 0).Should().BeInRange(2_500m, 6_000m);

    [Fact]
    public void Before_Traffic_FollowsOfficeHoursAndWeeks()
    {
        var byHour = month.Requests.CountBy(request => DemoMonth.Local(request).Hour).ToDictionary();
        var byDay = month.Requests.CountBy(request => DemoMonth.Local(request).Date).ToList();

        byHour[10].Should().BeGreaterThan(byHour[3] * 6);
        byDay.Where(day => DemoRhythm.IsWeekend(day.Key.DayOfWeek)).Average(day => day.Value)
            .Should().BeLessThan(byDay.Where(day => !DemoRhythm.IsWeekend(day.Key.DayOfWeek)).Average(day => day.Value) / 2);
    }

    [Fact]
    public void Before_PromptVersions_AppearInOrder()
    {
        foreach (var endpoint in month.Requests.GroupBy(request => request.EndpointTag))
        {
            var seen = endpoint.Select(request => int.Parse(request.PromptVersion[1..], CultureInfo.InvariantCulture)).Distinct().ToList();

            seen.Should().BeInAscendingOrder().And.HaveCountGreaterThan(1, endpoint.Key);
        }
    }

    [Fact]
    public void Before_Spike_IsTheOnlyOneAndAboutThreeTimesTheUsual()
    {
        var spike = DemoSpike.Before(DemoMonth.Now, DemoMonth.Zone);
        var hours = month.Real.GroupBy(row => DemoMonth.HourOf(row.Request))
            .ToDictionary(hour => hour.Key, hour => hour.Sum(row => row.Cost?.Dollars ?? 0));
        var usual = hours.Where(hour => !spike.Contains(hour.Key)).GroupBy(hour => DemoMonth.Slot(hour.Key))
            .ToDictionary(slot => slot.Key, slot => slot.Average(hour => hour.Value));
        var against = hours.ToDictionary(hour => hour.Key, hour => hour.Value / usual[DemoMonth.Slot(hour.Key)]);

        var inSpike = against.Where(hour => spike.Contains(hour.Key)).Select(hour => hour.Value).ToList();
        inSpike.Should().HaveCount(8);
        inSpike.Average().Should().BeInRange(2.6m, 3.5m);
        against.Where(hour => !spike.Contains(hour.Key) && DemoMonth.Local(hour.Key).Hour is >= 7 and <= 20)
            .Should().OnlyContain(hour => hour.Value < 1.9m);
    }

    [Fact]
    public void Before_Spike_IsWhatTheDetectorFindsAndNothingElse()
    {
        var spike = DemoSpike.Before(DemoMonth.Now, DemoMonth.Zone);
        var byHour = month.Real.GroupBy(row => DemoMonth.HourOf(row.Request))
            .ToDictionary(hour => hour.Key, hour => hour.Aggregate(Usd.Zero, (sum, row) => sum + (row.Cost ?? Usd.Zero)));
        var first = byHour.Keys.Min();
        var hours = Enumerable.Range(0, (int)(byHour.Keys.Max() - first).TotalHours + 1).Select(hour => byHour.GetValueOrDefault(first.AddHours(hour)));

        var found = SpikeDetector.Find(first, [.. hours]).Should().ContainSingle().Subject;

        found.Window.Overlaps(new TimeWindow(spike.Start, spike.End)).Should().BeTrue();
        (found.Window.Start - spike.Start).Duration().Should().BeLessThanOrEqualTo(TimeSpan.FromHours(1));
        (found.Window.End - spike.End).Duration().Should().BeLessThanOrEqualTo(TimeSpan.FromHours(1));
    }

    [Fact]
    public void Before_Spike_IsTheNewVersionAndMainlyOneTenant()
    {
        var spike = DemoSpike.Before(DemoMonth.Now, DemoMonth.Zone);
        var first = month.Requests.First(request =>
            request.EndpointTag == DemoCompany.Runaway && request.PromptVersion == DemoCompany.BadVersion);
        var inSpike = month.Real.Where(row => spike.Contains(row.Request.OccurredAt)).ToList();
        decimal Spend(Func<LlmRequest, bool> of) => inSpike.Where(row => of(row.Request)).Sum(row => row.Cost?.Dollars ?? 0);

        (spike.Start - first.OccurredAt).Should().BeGreaterThan(TimeSpan.FromHours(1)).And.BeLessThan(TimeSpan.FromHours(2));
        (DemoMonth.Now - spike.Start).TotalDays.Should().BeInRange(2.5, 5.5);
        Spend(request => request.PromptVersion == DemoCompany.BadVersion && request.EndpointTag == DemoCompany.Runaway)
            .Should().BeGreaterThan(Spend(_ => true) * 0.6m);
        Spend(request => request.TenantId == DemoCompany.LoudTenant).Should().BeGreaterThan(Spend(_ => true) * 0.45m);
    }

    [Theory]
    [InlineData("2026-11-23T20:00:00Z", "UTC")]
    [InlineData("2026-03-31T05:30:00Z", "America/New_York")]
    [InlineData("2026-04-26T01:00:00Z", "Africa/Cairo")]
    [InlineData("2026-08-08T23:59:59Z", "Asia/Kathmandu")]
    public void SpikeBefore_AnyDayAndZone_IsAWorkingAfternoonSomeDaysAgo(string now, string zone)
    {
        var at = TestWorkspace.Instant(now);
        for (var day = 0; day < 7; day++, at = at.AddDays(1))
        {
            var found = TimeZoneInfo.FindSystemTimeZoneById(zone);
            var spike = DemoSpike.Before(at, found);

            (spike.End - spike.Start).Should().Be(TimeSpan.FromHours(8));
            (at - spike.End).Should().BeGreaterThan(TimeSpan.FromDays(1));
            (at - spike.Start).Should().BeLessThan(TimeSpan.FromDays(6));
            DemoRhythm.IsWeekend(TimeZoneInfo.ConvertTime(spike.Start, found).DayOfWeek).Should().BeFalse();
        }
    }

    private IEnumerable<string?> Values(Func<LlmRequest, string?> of) => month.Requests.Select(of).Distinct();

    private double Share(Func<LlmRequest, bool> of) => month.Requests.Count(of) / (double)month.Requests.Count;
}
