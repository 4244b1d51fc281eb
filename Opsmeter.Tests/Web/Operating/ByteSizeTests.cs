using AwesomeAssertions;
using Opsmeter.Web.Operating;
using Xunit;

namespace Opsmeter.Tests.Web.Operating;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData(0, "0 kB")]
    [InlineData(1, "1 kB")]
    [InlineData(999_499, "999 kB")]
    [InlineData(1_000_000, "1.0 MB")]
    [InlineData(999_900_000, "999.9 MB")]
    [InlineData(1_000_000_000, "1.0 GB")]
    public void Text_OfBytes_HasTheUnitThatFits(long bytes, string text) => ByteSize.Text(bytes).Should().Be(text);
}
