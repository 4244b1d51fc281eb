using Opsmeter.Core.Analysis;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Tiers;

/// <summary>Says what the tiers are.</summary>
internal static class TierWords
{
    /// <summary>The tiers, for a quick choice.</summary>
    public static IReadOnlyList<Choice<int>> Short { get; } = [new(1, "1"), new(2, "2"), new(3, "3")];

    /// <summary>The tiers, for the form.</summary>
    public static IReadOnlyList<Choice<int>> Long { get; } = [new(1, "Tier 1"), new(2, "Tier 2"), new(3, "Tier 3")];

    /// <summary>What a tier is for.</summary>
    public static string Name(int tier) => tier switch
    {
        1 => "revenue-critical",
        2 => "helpful",
        3 => "experimental or abuse-prone",
        _ => "unclassified",
    };

    /// <summary>What a degraded mode tells callers.</summary>
    public static string Mode(DegradedModeDraft mode)
    {
        string?[] said =
        [
            mode.Model, mode.MaxOutputTokens is { } output ? $"at most {Count.Format(output)} output tokens" : null,
            mode.MaxInputTokens is { } input ? $"at most {Count.Format(input)} input tokens" : null,
            mode.DisableTools == true ? "no tools" : mode.AllowedTools is { } tools ? $"only the tools {string.Join(", ", tools)}" : null,
        ];
        return said.OfType<string>().ToArray() is { Length: > 0 } parts ? string.Join(", ", parts) : "the caller's own choice";
    }

    /// <summary>What speaks for an advised tier.</summary>
    public static string Why(TierAdvice advice) => advice.Why switch
    {
        TierAdvice.Reason.Siblings => advice.Count == 1 ? $"the other one of {advice.Evidence} is in it" : $"all {Count.Format(advice.Count)} others of {advice.Evidence} are in it",
        TierAdvice.Reason.Word => $"its name says \"{advice.Evidence}\"",
        TierAdvice.Reason.NothingElse => $"nothing in {Count.Format(advice.Count)} requests says that it earns money or is open to abuse",
    };

    /// <summary>The answers behind a tier, in a few words; null where there are none.</summary>
    public static string? Answers(TierReasonDraft? reason)
    {
        if (reason is null)
        {
            return null;
        }

        string?[] said =
        [
            Said(reason.EarnsMoney, "earns money", "earns no money"), Said(reason.IsPublic, "public", "not public"),
            Said(reason.IsExpensive, "expensive", "cheap"), Said(reason.IsEasyToAbuse, "easy to abuse", "hard to abuse"),
        ];
        return string.Join(", ", said.OfType<string>()) is { Length: > 0 } text ? text : null;
    }

    private static string? Said(bool? answer, string yes, string no) => answer is { } given ? given ? yes : no : null;

    /// <summary>What budgets do to a tier, in a sentence.</summary>
    public static string Sentence(int tier) => tier switch
    {
        1 => "Earns money. Degrades past the limit; not blocked.",
        2 => "Helps, but can be less. Degrades from the warning on.",
        3 => "Experimental or easy to abuse. Blocked once it runs away past the limit.",
        _ => "",
    };
}
