using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>Says the parts of a draft in words.</summary>
internal static class DraftWords
{
    /// <summary>What a budget counts: <c>endpoint agents.* and model gpt-5 or gpt-5-mini</c>.</summary>
    public static string Conditions(IEnumerable<ConditionDraft> conditions)
    {
        var said = conditions.Where(condition => condition.Dimension is not null && condition.Values.Count > 0)
            .Select(condition => $"{Name(condition.Dimension!.Value)} {Or(condition.Values)}")
            .ToList();
        return said.Count == 0 ? "the whole workspace" : string.Join(" and ", said);
    }

    /// <summary>The limits: <c>$500.00 or 10,000 requests</c>.</summary>
    public static string Limits(BudgetDraft draft)
    {
        var limits = new List<string>();
        if (draft.LimitUsd is { } usd && InRange(usd))
        {
            limits.Add(Money.Format(Usd.FromDollars(usd)));
        }

        if (draft.LimitRequests is { } requests)
        {
            limits.Add($"{Count.Format(requests)} requests");
        }

        if (draft.LimitTokens is { } tokens)
        {
            limits.Add($"{Count.Format(tokens)} tokens");
        }

        return limits.Count == 0 ? "No limit yet" : Or(limits);
    }

    /// <summary>A window's name.</summary>
    public static string Name(WindowKind kind) => kind switch
    {
        WindowKind.Hour => "Hour",
        WindowKind.Day => "Day",
        WindowKind.Week => "Week",
        WindowKind.Month => "Month",
        WindowKind.Quarter => "Quarter",
        WindowKind.Year => "Year",
        WindowKind.Total => "Total",
    };

    /// <summary>How often: <c>a day</c>.</summary>
    public static string Every(WindowKind kind) => kind switch
    {
        WindowKind.Hour => "an hour",
        WindowKind.Day => "a day",
        WindowKind.Week => "a week",
        WindowKind.Month => "a month",
        WindowKind.Quarter => "a quarter",
        WindowKind.Year => "a year",
        WindowKind.Total => "in all",
    };

    /// <summary>One of a dimension.</summary>
    public static string Name(Dimension dimension) => dimension switch
    {
        Dimension.EndpointTag => "endpoint",
        Dimension.UserId => "user",
        Dimension.TenantId => "tenant",
        Dimension.Provider => "provider",
        Dimension.Model => "model",
        Dimension.PromptVersion => "prompt version",
        Dimension.ApiKey => "API key",
    };

    /// <summary>A cap's name.</summary>
    public static string Name(Cap cap) => cap switch
    {
        Cap.ByTier => "By tier",
        Cap.Soft => "Soft",
        Cap.Degrade => "Degrade",
        Cap.Hard => "Hard",
    };

    /// <summary>A cap in a sentence.</summary>
    public static string Sentence(Cap cap) => cap switch
    {
        Cap.ByTier => "As critical as the endpoint: only Tier 3 is ever blocked.",
        Cap.Soft => "Tells people. Callers notice nothing.",
        Cap.Degrade => "Callers degrade from the warning on. Nobody is blocked.",
        Cap.Hard => "Callers degrade past the limit and are blocked once confirmed.",
    };

    /// <summary>A key as people read it.</summary>
    public static string Key(string? key, Dimension? per) =>
        string.IsNullOrEmpty(key) ? $"no {(per is { } dimension ? Name(dimension) : "key")}" : key;

    /// <summary>A share in percent, cut rather than rounded: 99.96 % is not yet the limit.</summary>
    public static string Percent(decimal ratio) =>
        (decimal.Floor(Math.Min(ratio, 1_000_000m) * 1000) / 10).ToString("#,##0.#", CultureInfo.InvariantCulture) + "%";

    /// <summary>Minutes as people say them: <c>5 min</c>, <c>1 h</c>, <c>1 h 30 min</c>.</summary>
    public static string Minutes(int minutes) => (minutes / 60, minutes % 60) switch
    {
        (0, var rest) => $"{rest} min",
        (var hours, 0) => $"{hours} h",
        var (hours, rest) => $"{hours} h {rest} min",
    };

    /// <summary>A length of time in its largest unit: <c>9 days</c>, <c>5 h</c>, <c>12 min</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => $"{(int)span.TotalDays} days",
        { TotalHours: >= 1 } => $"{(int)span.TotalHours} h",
        _ => $"{Math.Max(1, (int)span.TotalMinutes)} min",
    };

    /// <summary>True when an amount can be counted exactly at all; what a form holds may not be.</summary>
    public static bool InRange(decimal usd) => usd is >= 0 and <= 1_000_000_000m;

    /// <summary>Joins with commas and an "or".</summary>
    public static string Or(IReadOnlyList<string> items) =>
        items.Count < 2 ? string.Concat(items) : $"{string.Join(", ", items.Take(items.Count - 1))} or {items[^1]}";
}
