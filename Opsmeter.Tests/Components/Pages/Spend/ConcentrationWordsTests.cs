using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Pages.Spend;
using Xunit;

namespace Opsmeter.Tests.Components.Pages.Spend;

public sealed class ConcentrationWordsTests
{
    [Theory]
    [InlineData("", "5", "No endpoint spent anything in this range.")]
    [InlineData("7", null, "One endpoint carries all of spend.")]
    [InlineData("7", "3", "One endpoint carries all of spend, as in the period before.")]
    [InlineData("7", "4 6", "One endpoint carries all of spend; the period before, the dearest one carried 60%.")]
    [InlineData("70 20 10", "40 30 30", "One of 3 endpoints carries 70% of spend; the period before, the dearest one carried 40%.")]
    [InlineData("40 30 20 10", "22 22 20 20 16", "The top 2 of 4 endpoints carry 70% of spend; the period before, the top 2 carried 44%.")]
    [InlineData("40 30 20 10", "", "The top 2 of 4 endpoints carry 70% of spend; the period before, nothing was spent.")]
    [InlineData("40 30 20 10", "5", "The top 2 of 4 endpoints carry 70% of spend; the period before, a single endpoint carried all of it.")]
    [InlineData("50 50", "90 10", "The 2 endpoints share spend about evenly; the period before, 1 of 2 carried 90%.")]
    public void Sentence_FewOrMany_ReadsWell(string now, string? before, string sentence) =>
        ConcentrationWords.Sentence(Of(now)!, Of(before), DimensionWords.Of(Dimension.EndpointTag), "spend").Should().Be(sentence);

    [Fact]
    public void Sentence_ThousandsThatSpendAlike_SpeaksOfTen() =>
        ConcentrationWords.Sentence(
                Concentration.Of(Enumerable.Repeat(Usd.FromDollars(1), 20_000)), null, DimensionWords.Of(Dimension.UserId), "the spend that has a user")
            .Should().Be("The top 10 of 20,000 users carry 0.1% of the spend that has a user.");

    private static Concentration? Of(string? dollars) => dollars is null
        ? null
        : Concentration.Of(dollars.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => Usd.FromDollars(decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture))));
}
