using AwesomeAssertions;
using Opsmeter.Core.Alerts;
using Xunit;

namespace Opsmeter.Tests.Core.Alerts;

public sealed class MuteWindowTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("1 01:00-04:00", "2026-12-01T00:00:00Z", true)]
    [InlineData("1 01:00-04:00", "2026-12-01T03:00:00Z", false)]
    [InlineData("1 01:00-04:00", "2026-12-02T01:00:00Z", false)]
    [InlineData("monday 02:00-03:00", "2026-11-30T01:59:59Z", true)]
    [InlineData("Monday 02:00-03:00", "2026-12-01T01:30:00Z", false)]
    [InlineData("daily 23:30-00:30", "2026-11-30T22:30:00Z", true)]
    [InlineData("daily 23:30-00:30", "2026-11-30T23:29:00Z", true)]
    [InlineData("daily 23:30-00:30", "2026-11-30T23:30:00Z", false)]
    [InlineData("31 23:00-01:00", "2026-10-31T23:30:00Z", true)]
    public void Contains_LocalTime_IsFromItsStartToItsEnd(string text, string at, bool isMuted) =>
        MuteWindow.Parse(text)!.Contains(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture), Berlin).Should().Be(isMuted);

    [Theory]
    [InlineData("")]
    [InlineData("01:00-04:00")]
    [InlineData("32 01:00-04:00")]
    [InlineData("0 01:00-04:00")]
    [InlineData("someday 01:00-04:00")]
    [InlineData("daily 25:00-04:00")]
    [InlineData("daily 01:00")]
    [InlineData("daily 01:00-01:00")]
    public void Parse_WhatIsNone_IsNull(string text) => MuteWindow.Parse(text).Should().BeNull();
}
