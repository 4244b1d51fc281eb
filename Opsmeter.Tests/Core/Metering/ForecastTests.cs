using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Metering;
using Xunit;

namespace Opsmeter.Tests.Core.Metering;

public sealed class ForecastTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly TimeWindow November = new WindowCalendar(new WindowSpec { Kind = WindowKind.Month, TimeZone = "Europe/Berlin" })
        .WindowAt(new DateTimeOffset(2026, 11, 15, 0, 0, 0, TimeSpan.Zero));

    private static readonly DateTimeOffset Now = November.Start.AddDays(16).AddHours(9.5);

    [Fact]
    public void End_TwentySeededMonths_IsWithinAFewPercentOfWhatThenCame()
    {
        var errors = Enumerable.Range(1, 20).Select(seed =>
        {
            var (history, spent, actual) = Month(seed, Now.AddDays(-35));
            var forecast = Forecast.Of(spent, history, November, Now, Berlin)!;
            forecast.Basis.Should().Be(ForecastBasis.HourOfWeek);
            return Math.Abs(((double)forecast.End.Nano / actual.Nano) - 1);
        }).ToArray();

        errors.Max().Should().BeLessThan(0.08);
        errors.Average().Should().BeLessThan(0.03);
    }

    [Fact]
    public void Band_TwoHundredSeededMonths_HoldsFourOutcomesInFive()
    {
        var held = Enumerable.Range(1, 200).Count(seed =>
        {
            var (history, spent, actual) = Month(seed, Now.AddDays(-35));
            var forecast = Forecast.Of(spent, history, November, Now, Berlin)!;
            forecast.Low.Should().BeLessThanOrEqualTo(forecast.End);
            return actual >= forecast.Low && actual <= forecast.High;
        });

        held.Should().BeInRange(140, 192);
    }

    [Fact]
    public void End_SpikeThatIsFlagged_MovesTheRestOfTheMonthNotAtAll()
    {
        var (history, spent, _) = Month(3, Now.AddDays(-35));
        var spike = new TimeWindow(At(history, history.Hours.Count - 30), At(history, history.Hours.Count - 20));
        var spiked = history with
        {
            Hours = [.. history.Hours.Select((hour, i) => spike.Contains(At(history, i)) ? new Usd(hour.Nano * 20) : hour)], Flagged = [spike],
        };
        var quiet = history with { Flagged = [spike] };

        var (with, without) = (Forecast.Of(spent, spiked, November, Now, Berlin)!, Forecast.Of(spent, quiet, November, Now, Berlin)!);

        with.End.Should().Be(without.End);
        Forecast.Of(spent, spiked with { Flagged = [] }, November, Now, Berlin)!.End.Should().BeGreaterThan(with.End);
    }

    [Fact]
    public void Of_AWeekOfHistory_LearnsTheHoursOfTheDay()
    {
        var (history, spent, _) = Month(1, Now.AddDays(-7));

        Forecast.Of(spent, history, November, Now, Berlin)!.Basis.Should().Be(ForecastBasis.HourOfDay);
    }

    [Fact]
    public void Of_TwoDaysOfHistory_IsAStraightLine()
    {
        var start = new DateTimeOffset(2026, 11, 15, 0, 0, 0, TimeSpan.Zero);
        var now = start.AddHours(48);
        var history = new SpendHistory(start.AddHours(-1), [Usd.Zero, .. Enumerable.Repeat(Usd.FromDollars(2), 48)], []);

        var forecast = Forecast.Of(Usd.FromDollars(96), history, November, now, Berlin)!;

        forecast.Basis.Should().Be(ForecastBasis.StraightLine);
        forecast.End.Should().Be(Usd.FromDollars(96 + (2 * (decimal)(November.End - now).TotalHours)));
        forecast.RunsOutAt(Usd.FromDollars(100)).Should().Be(now.AddHours(2));
        forecast.RunsOutAt(Usd.FromDollars(90)).Should().Be(now);
        forecast.RunsOutAt(forecast.End + new Usd(1)).Should().BeNull();
    }

    [Fact]
    public void Of_OneDayWindowWithTwoDaysOfHistory_IsNone()
    {
        var start = new DateTimeOffset(2026, 11, 15, 0, 0, 0, TimeSpan.Zero);
        var history = new SpendHistory(start, [.. Enumerable.Repeat(Usd.FromDollars(2), 36)], []);

        Forecast.Of(Usd.FromDollars(24), history, new TimeWindow(start.AddDays(1), start.AddDays(2)), start.AddHours(36), TimeZoneInfo.Utc).Should().BeNull();
    }

    [Theory]
    [InlineData(14.3, false)]
    [InlineData(14.5, true)]
    public void Of_TwoPercentOfTheMonth_IsWhereItBegins(double hoursIntoTheMonth, bool isThere)
    {
        var now = November.Start.AddHours(hoursIntoTheMonth);
        var history = new SpendHistory(November.Start.AddDays(-20), [.. Enumerable.Repeat(Usd.FromDollars(1), (20 * 24) + 15)], []);

        (Forecast.Of(Usd.FromDollars(14), history, November, now, Berlin) is not null).Should().Be(isThere);
    }

    [Fact]
    public void Of_FirstRequestAnHourAgo_IsNoneHoweverLateInTheMonth()
    {
        var history = new SpendHistory(Now.AddHours(-1.5), [Usd.FromDollars(5), Usd.FromDollars(5)], []);

        Forecast.Of(Usd.FromDollars(10), history, November, Now, Berlin).Should().BeNull();
    }

    [Fact]
    public void RunsOutAt_QuietNights_FallsIntoTheHoursThatSpend()
    {
        // Nine to five alone: the limit is passed at work, not in the night before.
        var start = Now.AddHours(-0.5).AddDays(-20);
        var hours = Enumerable.Range(0, 20 * 24).Select(i => TimeZoneInfo.ConvertTime(start.AddHours(i), Berlin).Hour is >= 9 and < 17 ? Usd.FromDollars(1) : Usd.Zero);
        var forecast = Forecast.Of(Usd.FromDollars(100), new SpendHistory(start, [.. hours], []), November, Now, Berlin)!;

        var at = TimeZoneInfo.ConvertTime(forecast.RunsOutAt(Usd.FromDollars(111))!.Value, Berlin);

        at.Date.Should().Be(TimeZoneInfo.ConvertTime(Now, Berlin).Date.AddDays(1));
        at.TimeOfDay.Should().BeCloseTo(TimeSpan.FromHours(12.5), TimeSpan.FromMinutes(1));
    }

    private static DateTimeOffset At(SpendHistory history, int hour) => history.Start.AddHours(hour);

    // A team's month: days, nights and weekends with noise of a quarter. What comes after now is held back.
    private static (SpendHistory History, Usd Spent, Usd Actual) Month(int seed, DateTimeOffset from)
    {
        var random = new Random(seed);
        var start = new DateTimeOffset(from.UtcTicks - (from.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        var hours = new List<Usd>();
        for (var at = start; at < November.End; at = at.AddHours(1))
        {
            var local = TimeZoneInfo.ConvertTime(at, Berlin);
            var rhythm = (0.15 + Math.Max(0, Math.Sin((local.Hour - 6) * Math.PI / 14))) * (local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.35 : 1);
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            hours.Add(Usd.FromDollars((decimal)(8 * rhythm * Math.Exp(0.25 * normal))));
        }

        // Now lies half way through an hour: it has spent half of what it will.
        var running = (int)((Now - start) / TimeSpan.FromHours(1));
        var half = new Usd(hours[running].Nano / 2);
        var first = (int)Math.Max(0, (November.Start - start) / TimeSpan.FromHours(1));
        var spent = hours.Take(running).Skip(first).Aggregate(half, (sum, hour) => sum + hour);
        return (new SpendHistory(start, [.. hours.Take(running), half], []), spent, hours.Skip(first).Aggregate(Usd.Zero, (sum, hour) => sum + hour));
    }
}
