using AwesomeAssertions;
using Opsmeter.Core.Metering;
using Xunit;

namespace Opsmeter.Tests.Core.Metering;

public sealed class TimeZonesTests
{
    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/Argentina/Buenos_Aires")]
    [InlineData("Asia/Calcutta")]
    [InlineData("America/Port-au-Prince")]
    [InlineData("Etc/GMT+12")]
    public void TryFind_IanaId_IsFound(string id)
    {
        TimeZones.TryFind(id, out var zone).Should().BeTrue();
        zone!.Id.Should().Be(id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("Eastern Standard Time")]
    [InlineData("UTC-11")]
    [InlineData("europe/berlin")]
    [InlineData(" Europe/Berlin")]
    [InlineData("Europe/Berlin/")]
    [InlineData("Europe/Atlantis")]
    [InlineData("Europe")]
    [InlineData("/usr/share/zoneinfo/UTC")]
    [InlineData("../zoneinfo/UTC")]
    [InlineData("Europe/../UTC")]
    [InlineData("Europe//Berlin")]
    [InlineData("posix/Europe/Berlin")]
    [InlineData("localtime")]
    [InlineData("Factory")]
    [InlineData("UTC\0")]
    public void TryFind_AnythingElse_IsRefused(string? id)
    {
        TimeZones.TryFind(id, out var zone).Should().BeFalse();
        zone.Should().BeNull();
    }

    [Fact]
    public void TryFind_EveryZoneOfTheSystem_IsFound() =>
        TimeZoneInfo.GetSystemTimeZones().Where(zone => !TimeZones.TryFind(zone.Id, out _)).Should().BeEmpty();
}
