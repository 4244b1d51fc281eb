using Opsmeter.Core;
using Opsmeter.Core.Analysis;

namespace Opsmeter.Web.Components.Pages.Investigate;

/// <summary>One of the parts that a change of spend adds up from, in words.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Text">What happened, as a sentence.</param>
/// <param name="Cause">The same in two or three words, for a sentence about the whole: <c>longer requests</c>.</param>
/// <param name="From">Spend before it, with all parts above it.</param>
/// <param name="Amount">What it adds.</param>
internal sealed record ChangePart(string Name, string Text, string Cause, Usd From, Usd Amount)
{
    private const string NewcomersName = "Newcomers";

    /// <summary>The parts of a change in the order in which they build on each other; they begin and end at its sums.</summary>
    public static IReadOnlyList<ChangePart> Of(SpendChange change)
    {
        var parts = new List<ChangePart>(5);
        var sum = change.Before;
        var isAllNew = change.Before == Usd.Zero && change.Newcomers == change.After;
        Add("Volume", change.Volume,
            "More requests than before, had every endpoint and model grown alike.", "more requests",
            "Fewer requests than before, had every endpoint and model shrunk alike.", "fewer requests",
            "As many requests as before.");
        Add("Mix", change.Mix,
            "A greater share of the requests went to dearer endpoints and models.", "a dearer mix",
            "A greater share of the requests went to cheaper endpoints and models.", "a cheaper mix",
            "The requests are spread over endpoints and models as before.");
        Add("Tokens per request", change.TokensPerRequest,
            "Requests became longer: more tokens in each, at the earlier price of a token.", "longer requests",
            "Requests became shorter: fewer tokens in each, at the earlier price of a token.", "shorter requests",
            "Requests are as long as before.");
        Add("Unit price", change.UnitPrice,
            "A token became dearer: another price, more output, or less from the cache.", "dearer tokens",
            "A token became cheaper: another price, less output, or more from the cache.", "cheaper tokens",
            "A token costs what it did before.");
        Add(NewcomersName, change.Newcomers,
            "Endpoints on models that had no priced request before.", "newcomers",
            "Endpoints on models that had no priced request before.", "newcomers",
            "No endpoint on a model that it did not use before.");
        return parts;

        void Add(string name, Usd amount, string more, string moreCause, string less, string lessCause, string same)
        {
            var (text, cause) = amount.Nano switch { > 0 => (more, moreCause), < 0 => (less, lessCause), _ => (isAllNew && name != NewcomersName ? "Nothing was spent before: all of it is new." : same, "") };
            parts.Add(new ChangePart(name, text, cause, sum, amount));
            sum += amount;
        }
    }

    /// <summary>The change in one sentence.</summary>
    /// <param name="change">The change.</param>
    /// <param name="parts">Its parts.</param>
    /// <param name="against">What it is compared with: <c>the period before</c>.</param>
    public static string Sentence(SpendChange change, IReadOnlyList<ChangePart> parts, string against)
    {
        var (before, after, by) = (Controls.Money.Rounded(change.Before), Controls.Money.Rounded(change.After), change.Change);
        if (by == Usd.Zero)
        {
            return $"Spend is the same as in {against}: {after}.";
        }

        var (size, isRise) = (Controls.Money.Rounded(Usd.Max(by, Usd.Zero - by)), by > Usd.Zero);
        var share = change.Before > Usd.Zero ? $" ({(isRise ? "+" : "\u2212")}{Math.Abs((decimal)by.Nano / change.Before.Nano * 100).ToString("#,##0", System.Globalization.CultureInfo.InvariantCulture)}%)" : "";
        var most = parts.Where(part => part.Amount > Usd.Zero == isRise && part.Amount != Usd.Zero).MaxBy(part => Math.Abs((decimal)part.Amount.Nano));
        var cause = most is null ? "" : $" The greatest part: {most.Cause}, {DriverWords.Share((double)((decimal)most.Amount.Nano / by.Nano))} of the change.";
        return $"Spend {(isRise ? "rose" : "fell")} by {size}{share}, from {before} to {after}, against {against}.{cause}";
    }
}
