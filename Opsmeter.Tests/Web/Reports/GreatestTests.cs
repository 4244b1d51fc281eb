using AwesomeAssertions;
using CsCheck;
using Opsmeter.Web.Reports;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

public sealed class GreatestTests
{
    [Fact]
    public void Of_AnyNumbers_AreThoseThatSortingFinds() => Gen.Select(Gen.Long[-5, 5].Array[0, 60], Gen.Int[0, 70]).Sample((numbers, most) =>
        Greatest.Of(numbers, place => -place, most).Should().BeEquivalentTo(
            Enumerable.Range(0, numbers.Length).OrderByDescending(place => numbers[place]).ThenBy(place => -place).Take(most)));
}
