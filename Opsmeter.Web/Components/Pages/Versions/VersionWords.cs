using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Versions;

/// <summary>Says what prompt versions cost and how they differ.</summary>
internal static class VersionWords
{
    private const string Minus = "\u2212";

    // Up to here a part is called nearly all, or most, of a difference; beyond all of it, something else made up for it.
    private const double NearlyAll = 0.9;
    private const double Most = 0.6;
    private const double MoreThanAll = 1.1;

    /// <summary>What a priced request cost on average; null where none is priced.</summary>
    public static Usd? CostPerRequest(SpendSums sums) => sums.Requests > sums.Unpriced
        ? new Usd((long)decimal.Round((decimal)sums.Priced.Nano / (sums.Requests - sums.Unpriced)))
        : null;

    /// <summary>A mean of tokens per request.</summary>
    public static string PerRequest(long tokens, long requests) =>
        requests == 0 ? "—" : Count.Compact((long)Math.Round((double)tokens / requests));

    /// <summary>A share, 0–1: <c>41%</c>.</summary>
    public static string Share(double? share) => share is { } part ? Digits(part) + "%" : "—";

    /// <summary>A change with its sign: <c>+34%</c>, <c>−2.5%</c>.</summary>
    public static string Change(double ratio) => Signed(ratio) + "%";

    /// <summary>An interval with its signs: <c>+28 … +41%</c>.</summary>
    public static string Interval(VersionDrift drift) => $"{Signed(drift.Lower)} … {Signed(drift.Upper)}%";

    /// <summary>What an interval says in one word.</summary>
    public static string Verdict(VersionDrift drift) => drift switch
    {
        { IsClear: false } => "no clear change",
        { Ratio: > 0 } => "dearer",
        _ => "cheaper",
    };

    /// <summary>The colour that goes with the word.</summary>
    public static Tone ToneOf(VersionDrift drift) => drift switch
    {
        { IsClear: false } => Tone.Neutral,
        { Ratio: > 0 } => Tone.Exceeded,
        _ => Tone.Ok,
    };

    /// <summary>What a comparison means, in a sentence.</summary>
    public static string Sentence(VersionComparison comparison)
    {
        var (first, second) = (comparison.First.Line, comparison.Second.Line);
        return comparison.Drift switch
        {
            null when first.Sample.Requests < VersionDrift.FewestRequests || second.Sample.Requests < VersionDrift.FewestRequests =>
                $"Too few requests to say: {first.PromptVersion} has {Count.Format(first.Sample.Requests)} with a price and {second.PromptVersion} has "
                + $"{Count.Format(second.Sample.Requests)}; at least {VersionDrift.FewestRequests} of each are needed.",
            null => "One of them costs nothing, so there is no ratio to give.",
            { IsClear: false } drift =>
                $"{second.PromptVersion} costs neither clearly more nor less per request than {first.PromptVersion}: {Change(drift.Ratio)}, and with "
                + $"95% confidence between {Signed(drift.Lower)}% and {Signed(drift.Upper)}%.",
            { Ratio: > 0 } drift =>
                $"{second.PromptVersion} costs {Digits(drift.Ratio)}% more per request than {first.PromptVersion} "
                + $"({Digits(drift.Lower)} … {Digits(drift.Upper)}%){Because(comparison.Parts)}.",
            { } drift =>
                $"{second.PromptVersion} costs {Digits(-drift.Ratio)}% less per request than {first.PromptVersion} "
                + $"({Digits(-drift.Upper)} … {Digits(-drift.Lower)}%){Because(comparison.Parts)}.",
        };
    }

    /// <summary>The parts of a difference by what they come from, the greatest first; those that are nothing are left out.</summary>
    public static IReadOnlyList<(string Cause, double Dollars)> Causes(VersionParts parts)
    {
        (string Cause, double Dollars)[] all =
        [
            (parts.Input > 0 ? "longer inputs" : "shorter inputs", parts.Input),
            (parts.Caching > 0 ? "less input from the cache" : "more input from the cache", parts.Caching),
            (parts.Output > 0 ? "longer outputs" : "shorter outputs", parts.Output),
            (parts.Models > 0 ? "dearer models" : "cheaper models", parts.Models),
            ("what tokens and list prices do not explain", parts.Other),
        ];
        var least = all.Max(part => Math.Abs(part.Dollars)) / 1_000;
        return [.. all.Where(part => Math.Abs(part.Dollars) > least).OrderByDescending(part => Math.Abs(part.Dollars))];
    }

    private static string Because(VersionParts? parts)
    {
        if (parts is null || parts.Change == 0)
        {
            return "";
        }

        var causes = Causes(parts);
        var along = causes.Where(cause => Math.Sign(cause.Dollars) == Math.Sign(parts.Change)).ToArray();
        if (along.Length == 0)
        {
            return "";
        }

        var against = causes.FirstOrDefault(cause => Math.Sign(cause.Dollars) != Math.Sign(parts.Change));
        var share = along[0].Dollars / parts.Change;
        return share switch
        {
            > MoreThanAll when against.Cause is not null => $", from {along[0].Cause}, partly made up for by {against.Cause}",
            >= NearlyAll => $", nearly all of it from {along[0].Cause}",
            >= Most => $", most of it from {along[0].Cause}",
            _ when along.Length > 1 => $", from {along[0].Cause} ({Digits(share)}% of it) and {along[1].Cause} ({Digits(along[1].Dollars / parts.Change)}%)",
            _ => $", from {along[0].Cause} ({Digits(share)}% of it)",
        };
    }

    private static string Signed(double ratio) => Digits(Math.Abs(ratio)) is var digits && digits == "0" ? digits : (ratio < 0 ? Minus : "+") + digits;

    private static string Digits(double ratio)
    {
        var percent = ratio * 100;
        return percent.ToString(Math.Abs(percent) < 9.95 ? "0.#" : "#,##0", CultureInfo.InvariantCulture);
    }
}
