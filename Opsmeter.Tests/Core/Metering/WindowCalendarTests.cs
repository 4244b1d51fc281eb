using System.Globalization;
using AwesomeAssertions;
using CsCheck;
using Opsmeter.Core;
using Opsmeter.Core.Metering;
using Xunit;

namespace Opsmeter.Tests.Core.Metering;

public sealed class WindowCalendarTests
{
    private static readonly TimeZoneInfo[] Zones = [.. TimeZoneInfo.GetSystemTimeZones()];
    private static readonly DateTimeOffset First = new(2005, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Last = new(2030, 12, 31, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<DateTimeOffset> AnyInstant =
        Gen.Long[First.UtcTicks, Last.UtcTicks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    private static readonly Gen<WindowSpec> AnySpec = Gen.Select(
        Gen.Enum<WindowKind>(), Gen.Int[0, Zones.Length - 1], Gen.Enum<DayOfWeek>(), Gen.Int[1, 28],
        (kind, zone, weekStartsOn, anchorDay) => new WindowSpec
        {
            Kind = kind, TimeZone = Zones[zone].Id, WeekStartsOn = weekStartsOn, AnchorDay = anchorDay,
        });

    [Fact]
    public void WindowAt_AnyInstantOfAnyZone_HoldsTheInstantAndAgreesAtBothEnds() =>
        Gen.Select(AnySpec, AnyInstant).Sample(
            (spec, instant) =>
            {
                var window = Fresh(spec).WindowAt(instant);

                window.Contains(instant).Should().BeTrue();
                Fresh(spec).WindowAt(window.Start).Should().Be(window);
                Fresh(spec).WindowAt(window.End.AddTicks(-1)).Should().Be(window);
            },
            iter: 3_000, threads: 1);

    [Fact]
    public void Next_InEveryZone_TilesTheTimeLine() =>
        Gen.Select(AnySpec.Where(spec => spec.Kind != WindowKind.Total), AnyInstant).Sample(
            (spec, instant) =>
            {
                var calendar = new WindowCalendar(spec);
                var window = calendar.WindowAt(instant);
                for (var steps = 0; steps < 12; steps++)
                {
                    var next = calendar.Next(window);

                    next.Start.Should().Be(window.End);
                    next.Length.Should().BePositive();
                    calendar.Previous(next).Should().Be(window);
                    window = next;
                }
            },
            iter: 600, threads: 1);

    [Fact]
    public void WindowAt_DaysOfALongerWindow_AddUpToIt() =>
        Gen.Select(
            AnySpec.Where(spec => spec.Kind is WindowKind.Week or WindowKind.Month or WindowKind.Quarter or WindowKind.Year),
            AnyInstant).Sample(
            (spec, instant) =>
            {
                var range = new WindowCalendar(spec).WindowAt(instant);
                var days = new WindowCalendar(spec with { Kind = WindowKind.Day });

                var sum = TimeSpan.Zero;
                var day = days.WindowAt(range.Start);
                day.Start.Should().Be(range.Start);
                for (; day.Start < range.End; day = days.Next(day))
                {
                    sum += day.Length;
                }

                sum.Should().Be(range.Length);
                day.Start.Should().Be(range.End);
            },
            iter: 150, threads: 1);

    [Fact]
    public void WindowAt_EveryZoneAroundItsOffsetChanges_TilesDays()
    {
        foreach (var zone in Zones)
        {
            var calendar = new WindowCalendar(new WindowSpec { Kind = WindowKind.Day, TimeZone = zone.Id });
            foreach (var change in OffsetChanges(zone))
            {
                var end = change.AddDays(2);
                var day = calendar.WindowAt(change.AddDays(-2));
                while (day.End < end)
                {
                    var next = calendar.Next(day);
                    next.Start.Should().Be(day.End, "days of {0} tile", zone.Id);
                    next.Length.Should().BeGreaterThan(TimeSpan.FromHours(20)).And.BeLessThan(TimeSpan.FromHours(28));
                    day = next;
                }
            }
        }
    }

    [Theory]
    [InlineData("Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", "the 30th was skipped")]
    [InlineData("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z", "the 31st follows the 29th")]
    [InlineData("America/St_Johns", "2010-11-07T02:31:00Z", "2010-11-07T02:30:00Z", "2010-11-08T03:30:00Z", "00:01 was followed by 23:01")]
    [InlineData("Africa/Cairo", "2026-04-23T22:00:00Z", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z", "midnight did not exist")]
    [InlineData("Australia/Lord_Howe", "2026-04-05T00:00:00Z", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z", "a day of 24.5 hours")]
    [InlineData("Asia/Kathmandu", "2026-01-01T00:00:00Z", "2025-12-31T18:15:00Z", "2026-01-01T18:15:00Z", "offset by 45 minutes")]
    public void WindowAt_UnusualDay_StartsWhereItsDateFirstAppears(
        string zone, string at, string start, string end, string because)
    {
        var calendar = new WindowCalendar(new WindowSpec { Kind = WindowKind.Day, TimeZone = zone });

        calendar.WindowAt(Parse(at)).Should().Be(new TimeWindow(Parse(start), Parse(end)), because);
    }

    [Fact]
    public void WindowAt_Total_NeverEnds()
    {
        var calendar = new WindowCalendar(new WindowSpec { Kind = WindowKind.Total, TimeZone = "Asia/Tokyo" });

        calendar.WindowAt(First).Should().Be(TimeWindow.Total);
        calendar.Next(TimeWindow.Total).Should().Be(TimeWindow.Total);
        calendar.Previous(TimeWindow.Total).Should().Be(TimeWindow.Total);
    }

    // A calendar remembers its last window, which would answer for the very thing under test.
    private static WindowCalendar Fresh(WindowSpec spec) => new(spec);

    private static IEnumerable<DateTimeOffset> OffsetChanges(TimeZoneInfo zone)
    {
        var offset = zone.GetUtcOffset(First);
        for (var at = First; at < Last; at = at.AddDays(1))
        {
            if (zone.GetUtcOffset(at) is var now && now != offset)
            {
                offset = now;
                yield return at;
            }
        }
    }

    private static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
