using Opsmeter.Core.Analysis;
using Opsmeter.Web.Components.Controls;

namespace Opsmeter.Web.Components.Pages.Spend;

/// <summary>Says how far spend is in the hands of few.</summary>
internal static class ConcentrationWords
{
    // Most of the spend; and not more of them than one can look at one by one.
    private const decimal Most = 0.6m;
    private const int MostNamed = 10;

    /// <summary>How many values the sentence speaks of: the fewest that hold most of the spend, at most ten. 0 without spend.</summary>
    public static int TopOf(Concentration now) => Math.Min(now.FewestFor(Most), MostNamed);

    /// <summary>The sentence: <c>The top 2 of 8 endpoints carry 61% of spend; the period before, the top 2 carried 44%.</c></summary>
    /// <param name="now">The range.</param>
    /// <param name="before">The time it is compared with; null for nothing.</param>
    /// <param name="words">What the values are called.</param>
    /// <param name="ofWhat">What the shares are of: <c>spend</c>.</param>
    public static string Sentence(Concentration now, Concentration? before, DimensionWords words, string ofWhat)
    {
        var top = TopOf(now);
        return now.Count switch
        {
            0 => $"No {words.One} spent anything in this range.",
            1 when before is { Count: 1 } => $"One {words.One} carries all of {ofWhat}, as in the period before.",
            1 => $"One {words.One} carries all of {ofWhat}{Before("the dearest one")}.",
            _ when top == 1 => $"One of {Count.Format(now.Count)} {words.Many} carries {Share(now)} of {ofWhat}{Before("the dearest one")}.",
            _ when top == now.Count => $"The {Count.Format(now.Count)} {words.Many} share {ofWhat} about evenly{Earlier()}.",
            _ => $"The top {top} of {Count.Format(now.Count)} {words.Many} carry {Share(now)} of {ofWhat}{Before($"the top {top}")}.",
        };

        string Share(Concentration concentration) => SpendWords.Share(concentration.TopShare(top));

        string Before(string who) => before switch
        {
            null => "",
            { Count: 0 } => "; the period before, nothing was spent",
            { Count: 1 } when top > 1 => $"; the period before, a single {words.One} carried all of it",
            { Count: var count } when count < top => $"; the period before, {count} {words.Many} carried all of it",
            _ => $"; the period before, {who} carried {Share(before)}",
        };

        // Of an even share there is no top to compare.
        string Earlier() => before switch
        {
            null => "",
            { Count: 0 } => "; the period before, nothing was spent",
            { Count: 1 } => $"; the period before, a single {words.One} carried all of it",
            _ => $"; the period before, {TopOf(before)} of {Count.Format(before.Count)} carried {SpendWords.Share(before.TopShare(TopOf(before)))}",
        };
    }
}
