using AwesomeAssertions;
using Opsmeter.Web.Components.Pages.Budgets;
using Xunit;

namespace Opsmeter.Tests.Components.Pages.Budgets;

public sealed class PolicyDiffTests
{
    [Theory]
    [InlineData("{{constructor}} was wrong")]
    [InlineData("{")]
    [InlineData("asked finance")]
    [InlineData("")]
    [InlineData(null)]
    public void Fields_OfWhatAPersonWrote_AreNone(string? reason) => PolicyDiff.Fields(reason).Should().BeNull();

    [Fact]
    public void Fields_OfADocument_AreNamedByTheirPath() => PolicyDiff.Fields("""{"name":"All","window":{"kind":"day"}}""").Should()
        .BeEquivalentTo(new Dictionary<string, string> { ["name"] = "All", ["window.kind"] = "day" });

    [Fact]
    public void Of_AReasonInPlaceOfADocument_IsNoEdit() => PolicyDiff.Of("""{"name":"All"}""", "{reason").Should().BeEmpty();
}
