using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Review;

/// <summary>Says what a review found.</summary>
internal static class ReviewWords
{
    /// <summary>What a suggestion changes.</summary>
    public static string Name(SuggestionKind kind) => kind switch
    {
        SuggestionKind.Limit => "Limit",
        SuggestionKind.Warning => "Warning",
        SuggestionKind.Tier => "Tier",
    };

    /// <summary>A value of such a kind.</summary>
    public static string Value(SuggestionKind kind, decimal value) => kind switch
    {
        SuggestionKind.Limit => "$" + value.ToString("#,##0.##", CultureInfo.InvariantCulture),
        SuggestionKind.Warning => value.ToString("P0", CultureInfo.InvariantCulture),
        SuggestionKind.Tier => "Tier " + value.ToString("0", CultureInfo.InvariantCulture),
    };

    /// <summary>What changed against the week before.</summary>
    public static string Change(Usd spent, Usd before) =>
        before <= Usd.Zero ? spent > Usd.Zero ? "new" : "–"
        : (((decimal)spent.Nano / before.Nano) - 1).ToString("+0%;-0%;0%", CultureInfo.InvariantCulture);

    /// <summary>A number of minutes.</summary>
    public static string Minutes(int minutes) => minutes switch
    {
        0 => "–",
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{minutes} min"),
        < 48 * 60 => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60.0:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{minutes / 1440.0:0.#} days"),
    };

    /// <summary>How many alerts were acknowledged, and how soon.</summary>
    public static string Acknowledged(ReviewedBudget budget) =>
        budget.Alerts == 0 ? "–"
        : budget.AcknowledgedWithin is { } within ? $"{budget.Acknowledged} of {budget.Alerts}, in {Minutes(Math.Max(1, (int)within.TotalMinutes))}"
        : $"0 of {budget.Alerts}";

    /// <summary>What a policy would have done.</summary>
    public static string Side(ReplaySide side) =>
        $"{Count.Format(side.Warnings)} warned, {Count.Format(side.Exceeded)} exceeded, {Count.Format(side.Degraded)} degraded, {Count.Format(side.Blocked)} blocked";

    /// <summary>What was said of a suggestion that is no longer made.</summary>
    public static string Decided(string id, ReviewDecision decision)
    {
        var kind = Enum.TryParse<SuggestionKind>(id.Split('~')[0], out var parsed) ? parsed : SuggestionKind.Limit;
        return decision.Value is { } value ? $"{Name(kind)}: {decision.By} {decision.Outcome} it, {Value(kind, value)}" : $"{Name(kind)}: {decision.By} {decision.Outcome} it";
    }
}
