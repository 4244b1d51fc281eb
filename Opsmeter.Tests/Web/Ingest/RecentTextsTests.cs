using System.Globalization;
using AwesomeAssertions;
using Opsmeter.Web.Ingest;
using Xunit;

namespace Opsmeter.Tests.Web.Ingest;

public sealed class RecentTextsTests
{
    [Fact]
    public void Of_ATextThatComesAgain_IsTheSameString() =>
        RecentTexts.Of("agents.plan").Should().BeSameAs(RecentTexts.Of("agents.plan"));

    [Fact]
    public void Of_MoreTextsThanItKeeps_IsAlwaysTheTextThatWasAskedFor()
    {
        // Many times its places, so that each is taken over again and again.
        for (var i = 0; i < 50_000; i++)
        {
            var text = (i % 7_919).ToString(CultureInfo.InvariantCulture);
            RecentTexts.Of(text).Should().Be(text);
        }
    }
}
