using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Xunit;

namespace Opsmeter.Tests.Core.Analysis;

public sealed class DriverBreakdownTests
{
    [Fact]
    public void Of_SomeRoseAndOneFell_SharesAreOfTheWholeRise()
    {
        var drivers = DriverBreakdown.Of(
            [("agents", Cost(60)), ("chat", Cost(10)), ("new", Cost(5)), (null, Cost(3))],
            [("agents", Cost(10)), ("chat", Cost(15)), (null, Cost(3))],
            most: 5);

        drivers.Should().Equal(
            new Driver("agents", Cost(60), Cost(50), 1.0), new Driver("new", Cost(5), Cost(5), 0.1));
    }

    [Fact]
    public void Of_SpendThatDidNotRise_HasNoDriver() =>
        DriverBreakdown.Of([("a", Cost(5)), ("b", Cost(5))], [("a", Cost(10))], most: 5).Should().BeEmpty();

    [Fact]
    public void Of_MoreThanAskedFor_GivesTheGreatest() =>
        DriverBreakdown.Of([("a", Cost(1)), ("b", Cost(3)), ("c", Cost(3))], [], most: 2)
            .Select(driver => driver.Value).Should().Equal("b", "c");

    private static Usd Cost(decimal dollars) => Usd.FromDollars(dollars);
}
