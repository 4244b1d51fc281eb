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
        var range = SpendRange.Of("now-7d", At("2026-11-03T14:20:00Z"), zoneId);

        range.Starts.Should().HaveCount(56).And.BeInAscendingOrder();
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
        var range = SpendRange.Of("now-24h", At("2026-11-01T15:00:00Z"), "America/New_York");

        range.Starts.Zip(range.Starts.Skip(1)).Should().OnlyContain(pair => pair.Second - pair.First == TimeSpan.FromHours(1));
    }

    [Fact]
    public void ColumnAt_BeforeTheRange_IsNone()
    {
        var range = SpendRange.Of("now-30d", At("2026-11-03T14:20:00Z"), "UTC");

        range.ColumnAt(range.Window.Start.AddTicks(-1)).Should().Be(-1);
        range.ColumnAt(range.Window.Start).Should().Be(0);
        range.ColumnAt(range.Window.End.AddTicks(-1)).Should().Be(29);
    }

    [Fact]
    public void PlacedLike_SeriesThatChangeRank_KeepTheirPlacesAndNewcomersFillTheGaps()
    {
        var before = Shows("a", "b", "c", null);

        var after = Shows("c", "d", "a", "e", null).PlacedLike(before);

        after.Series.Select(one => one.Name).Should().Equal("a", "d", "c", "e", null);
    }

    private static Overview Shows(params string?[] names) => new(
        SpendRange.Of("now-24h", At("2026-11-03T14:20:00Z"), "UTC"), default!, default!,
        [.. names.Select(name => new OverviewSeries(name, []))]);

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}
