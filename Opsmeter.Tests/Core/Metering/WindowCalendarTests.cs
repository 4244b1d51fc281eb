using AwesomeAssertions;
using CsCheck;
using Opsmeter.Core;
using Opsmeter.Core.Metering;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Core.Metering;

public sealed class WindowCalendarTests
{
    private static readonly Gen<DateTimeOffset> Instants =
        Gen.Long[new DateTime(2005, 1, 1).Ticks / TimeSpan.TicksPerMinute, new DateTime(2030, 1, 1).Ticks / TimeSpan.TicksPerMinute]
            .Select(minutes => new DateTimeOffset(minutes * TimeSpan.TicksPerMinute, TimeSpan.Zero));

    private static readonly Gen<string> Zones =
        Pick.OneOf([.. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Where(id => id.Contains('/', StringComparison.Ordinal))]);

    private static readonly Gen<WindowKind> Kinds =
        Pick.OneOf(WindowKind.Hour, WindowKind.Day, WindowKind.Week, WindowKind.Month, WindowKind.Quarter, WindowKind.Year);

    [Fact]
    public void WindowAt_EveryVector_IsTheWindowOfTheIndependentImplementation()
    {
        var wrong = new List<string>();
        foreach (var vector in Vectors.Read<WindowVector>("windows.json"))
        {
            var window = new WindowCalendar(vector.Spec).WindowAt(vector.At);
            if (window != new TimeWindow(vector.Start, vector.End))
            {
                wrong.Add($"{vector} was {window}");
            }
        }

        wrong.Should().BeEmpty();
    }

    [Fact]
    public void WindowAt_AnyZoneAndKind_WindowsTileTheTimeLine() =>
        Gen.Select(Zones, Kinds, Instants, Gen.Int[1, 28], Gen.Enum<DayOfWeek>()).Sample(
            (zone, kind, at, anchor, weekStartsOn) =>
            {
                var calendar = new WindowCalendar(
                    new WindowSpec { Kind = kind, TimeZone = zone, AnchorDay = anchor, WeekStartsOn = weekStartsOn });
                var window = calendar.WindowAt(at);
                return window.Contains(at)
                    && calendar.WindowAt(window.Start) == window
                    && calendar.WindowAt(window.End.AddTicks(-1)) == window
                    && calendar.Next(window).Start == window.End
                    && calendar.Previous(window).End == window.Start;
            },
            iter: 2_000);

    [Fact]
    public void WindowAt_DaysOfAMonth_SumToTheMonth() =>
        Gen.Select(Zones, Instants, Gen.Int[1, 28]).Sample(
            (zone, at, anchor) =>
            {
                var month = new WindowCalendar(new WindowSpec { Kind = WindowKind.Month, TimeZone = zone, AnchorDay = anchor }).WindowAt(at);
                var days = new WindowCalendar(new WindowSpec { Kind = WindowKind.Day, TimeZone = zone });
                var day = days.WindowAt(month.Start);
                var sum = TimeSpan.Zero;
                var starts = day.Start;
                for (; day.Start < month.End; day = days.Next(day))
                {
                    sum += day.Length;
                }

                return starts == month.Start && day.Start == month.End && sum == month.Length;
            },
            iter: 200);

    [Fact]
    public void WindowAt_DateThatAZoneSkipped_StartsWhereTheNextDoes()
    {
        var apia = TimeZoneInfo.FindSystemTimeZoneById("Pacific/Apia");
        WindowCalendar.StartOfDay(new DateOnly(2011, 12, 30), apia)
            .Should().Be(WindowCalendar.StartOfDay(new DateOnly(2011, 12, 31), apia));
    }

    [Fact]
    public void WindowAt_Total_NeverResets() =>
        new WindowCalendar(new WindowSpec { Kind = WindowKind.Total }).WindowAt(DateTimeOffset.UnixEpoch).IsTotal.Should().BeTrue();

    private sealed record WindowVector(
        string Zone, DateTimeOffset At, string Kind, string WeekStartsOn, int AnchorDay, DateTimeOffset Start, DateTimeOffset End)
    {
        public WindowSpec Spec => new()
        {
            Kind = Enum.Parse<WindowKind>(Kind, ignoreCase: true),
            TimeZone = Zone,
            WeekStartsOn = Enum.Parse<DayOfWeek>(WeekStartsOn, ignoreCase: true),
            AnchorDay = AnchorDay,
        };
    }
}
