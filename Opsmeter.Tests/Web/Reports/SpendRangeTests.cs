using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Reports;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

public sealed class SpendRangeTests
{
    [Theory]
    [InlineData("UTC")]
    [InlineData("Asia/Kolkata")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    public void Columns_SevenDaysOverAChangeOfTheClock_BreakWhereTheDaysDo(string zoneId)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        var range = RangeOf("now-7d", At("2026-11-03T14:20:00Z"), zoneId);

        range.Starts.Should().HaveCountGreaterThanOrEqualTo(55).And.HaveCountLessThanOrEqualTo(57).And.BeInAscendingOrder();
        var hours = new WindowCalendar(new WindowSpec { Kind = WindowKind.Hour, TimeZone = zoneId });
        for (var hour = hours.WindowAt(range.Window.Start); hour.End <= range.Window.End; hour = hours.Next(hour))
        {
            var (column, local) = (range.ColumnAt(hour.Start), TimeZoneInfo.ConvertTime(hour.Start, zone));
            var first = TimeZoneInfo.ConvertTime(range.Starts[column], zone);
            first.Date.Should().Be(local.Date, "a column ends with its day");
            (first.Hour / 3).Should().Be(local.Hour / 3);
        }
    }

    [Fact]
    public void Columns_HourThatComesTwice_IsTwoColumnsOfADay()
    {
        var range = RangeOf("now-24h", At("2026-11-01T15:00:00Z"), "America/New_York");

        range.Starts.Zip(range.Starts.Skip(1)).Should().OnlyContain(pair => pair.Second - pair.First == TimeSpan.FromHours(1));
    }

    [Fact]
    public void ColumnAt_BeforeTheRange_IsNone()
    {
        var range = RangeOf("now-30d", At("2026-11-03T14:20:00Z"), "UTC");

        range.ColumnAt(range.Window.Start.AddTicks(-1)).Should().Be(-1);
        range.ColumnAt(range.Window.Start).Should().Be(0);
        range.ColumnAt(range.Window.End.AddTicks(-1)).Should().Be(29);
    }

    [Theory]
    [InlineData("2026-11-01T10:07:00Z", "2026-11-01T10:52:30Z", ColumnSize.FiveMinutes, 10)]
    [InlineData("2026-11-01T10:07:00Z", "2026-11-02T10:00:00Z", ColumnSize.Hour, 24)]
    [InlineData("now/d", "now", ColumnSize.Hour, 15)]
    [InlineData("now-1M/M", "now/M", ColumnSize.Day, 31)]
    [InlineData("now-1w/w", "now/w", ColumnSize.ThreeHours, 56)]
    [InlineData("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", ColumnSize.Week, 53)]
    public void Of_AnyOtherRange_BeginsAndEndsWhereAsked(string from, string to, ColumnSize size, int columns)
    {
        var now = At("2026-11-03T14:20:00Z");
        var range = SpendRange.Of(new SpendView { From = from, To = to }, now, "UTC", DayOfWeek.Monday);

        range.Problem.Should().BeNull();
        range.Size.Should().Be(size);
        range.Starts.Should().HaveCount(columns);
        range.Starts[0].Should().Be(range.Window.Start);
        if (from[0] == '2')
        {
            range.Window.Should().Be(new TimeWindow(At(from), At(to)));
        }
    }

    [Theory]
    [InlineData("yesterday", "now")]
    [InlineData("now", "now-7d")]
    [InlineData("1990-01-01T00:00:00Z", "now")]
    [InlineData("0001-01-01T00:00:00Z", "0003-01-01T00:00:00Z")]
    [InlineData("9998-01-01T00:00:00Z", "9999-12-31T23:59:59Z")]
    public void Of_RangeThatCannotBeShown_SaysWhyAndShowsTheUsual(string from, string to)
    {
        var now = At("2026-11-03T14:20:00Z");
        var range = SpendRange.Of(new SpendView { From = from, To = to }, now, "UTC", DayOfWeek.Monday);

        range.Problem.Should().NotBeNull();
        range.Window.Should().Be(RangeOf("now-7d", now, "UTC").Window);
    }

    [Fact]
    public void Before_RunningRange_EndsAtTheMomentThatCorrespondsToNow()
    {
        var now = At("2026-11-03T14:20:00Z");
        var range = RangeOf("now-7d", now, "UTC");

        range.Before(ComparedWith.Previous, now).Should().Be(new TimeWindow(range.Window.Start.AddDays(-7), now.AddDays(-7)));
        range.Before(ComparedWith.Week, now).Should().Be(new TimeWindow(range.Window.Start.AddDays(-7), now.AddDays(-7)));
        range.Before(ComparedWith.None, now).Should().BeNull();
        RangeOf("now-24h", now, "UTC").Before(ComparedWith.Week, now)!.Value.End.Should().Be(now.AddDays(-7));
    }

    [Fact]
    public void WindowOf_Columns_ReachesFromTheFirstsStartToTheLastsEnd()
    {
        var range = RangeOf("now-24h", At("2026-11-03T14:20:00Z"), "UTC");

        range.WindowOf(0, range.Starts.Count - 1).Should().Be(range.Window);
        range.WindowOf(2, 2).Should().Be(new TimeWindow(range.Starts[2], range.Starts[3]));
    }

    private static SpendRange RangeOf(string from, DateTimeOffset now, string zone) =>
        SpendRange.Of(new SpendView { From = from }, now, zone, DayOfWeek.Monday);

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}
