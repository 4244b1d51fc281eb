using System.Globalization;
using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Metering;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Core.Metering;

public sealed class WindowVectorTests
{
    [Fact]
    public void WindowAt_EveryVector_GivesItsWindow()
    {
        var vectors = Vectors.Read<Vector>("windows.json");

        var wrong = vectors.Where(vector => vector.Found() != vector.Window).Select(vector => $"{vector} gave {vector.Found()}");

        vectors.Should().HaveCountGreaterThan(800);
        wrong.Should().BeEmpty();
    }

    private sealed record Vector(
        string Zone, string At, string Kind, string WeekStartsOn, int AnchorDay, string Start, string End)
    {
        public TimeWindow Window => new(Parse(Start), Parse(End));

        public TimeWindow Found() => new WindowCalendar(new WindowSpec
        {
            Kind = Enum.Parse<WindowKind>(Kind, ignoreCase: true),
            TimeZone = Zone,
            WeekStartsOn = Enum.Parse<DayOfWeek>(WeekStartsOn, ignoreCase: true),
            AnchorDay = AnchorDay,
        }).WindowAt(Parse(At));

        private static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    }
}
