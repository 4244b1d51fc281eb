using AwesomeAssertions;
using Opsmeter.Web.Components.Pages;
using Xunit;

namespace Opsmeter.Tests.Components.Pages;

public sealed class ReadingPaceTests
{
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(300);

    private readonly ReadingPace _pace = new();

    [Fact]
    public void Next_AfterTheFirstReading_IsAtOnce()
    {
        _pace.Next(Slow).Should().Be(TimeSpan.Zero, "it says nothing of the next one");
    }

    [Fact]
    public void Next_WhileReadingsAreSlow_IsTwentyTimesAsLong()
    {
        _pace.Next(Slow);

        _pace.Next(Slow * 2).Should().Be(Slow * 20);
        _pace.Next(Slow).Should().Be(Slow * 20);
    }

    [Fact]
    public void Next_AfterOneSlowReading_IsThatOfTheOthers()
    {
        _pace.Next(Fast);

        _pace.Next(Slow).Should().Be(Fast * 20);
        _pace.Next(Fast).Should().Be(Fast * 20);
    }

    [Fact]
    public void Next_OfAnotherView_BeginsAnew()
    {
        _pace.Next(Slow);
        _pace.Forget();

        _pace.Next(Slow).Should().Be(TimeSpan.Zero);
    }
}
