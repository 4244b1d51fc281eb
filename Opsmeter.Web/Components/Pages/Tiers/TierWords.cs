using Opsmeter.Web.Components.Controls;

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

    /// <summary>What budgets do to a tier, in a sentence.</summary>
    public static string Sentence(int tier) => tier switch
    {
        1 => "Earns money. Degrades past the limit; not blocked.",
        2 => "Helps, but can be less. Degrades from the warning on.",
        3 => "Experimental or easy to abuse. Blocked once it runs away past the limit.",
        _ => "",
    };
}
