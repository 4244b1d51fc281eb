using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>Says what a temporary increase changes, and what taking it back would.</summary>
internal static class RaiseEffect
{
    /// <summary>A sentence for each thing; none while the increase is not written yet.</summary>
    /// <param name="increase">What is written.</param>
    /// <param name="line">The budget as it is in force, and where it stands.</param>
    /// <param name="zone">The workspace's zone.</param>
    public static IReadOnlyList<string> Of(TemporaryIncreaseDraft increase, BudgetLine line, TimeZoneInfo zone)
    {
        if (increase is not { AmountUsd: { } amount and > 0, Until: { } until } || line.Draft.LimitUsd is not { } limit || !DraftWords.InRange(amount))
        {
            return [];
        }

        var name = line.Draft.Per is { } per ? DraftWords.Name(per) : null;
        var raised = $"The limit is {Text(limit + amount)}{(name is null ? "" : $" for each {name}")} instead of {Text(limit)}{End(increase, line, zone)}.";
        var freed = line.Keys.Count(key => key.Confirmed && key.Measure == Measure.Usd && key.SpentUsd + key.HeldUsd <= Own(key, line) + amount);
        var back = line.Keys.Count(key => key.SpentUsd > Own(key, line));
        return
        [
            raised,
            .. freed == 0 ? Array.Empty<string>() : [name is null ? "Callers that are blocked now are let through at once." : $"{Keys(freed, name)} blocked now {(freed == 1 ? "is" : "are")} let through at once."],
            .. increase.TakeBack != true || until == default ? Array.Empty<string>()
                : back == 0 ? ["Taken back as things stand now, nothing would be over the limit."]
                : [name is null ? $"Taken back as things stand now, {line.Draft.Name} would be over its limit again." : $"Taken back as things stand now, {Keys(back, name)} would be over the limit again."],
        ];
    }

    // What the key's limit is without an increase that runs already.
    private static decimal Own(Reports.BudgetStateItem key, BudgetLine line) =>
        line.Draft.Overrides.FirstOrDefault(special => special.Value == key.Key)?.LimitUsd ?? line.Draft.LimitUsd ?? 0;

    private static string End(TemporaryIncreaseDraft increase, BudgetLine line, TimeZoneInfo zone)
    {
        var until = increase.Until!.Value;
        return increase.TakeBack == true
            ? $" until {At(until, zone)}"
            : BudgetReading.WindowAt(line.Draft.Window, until.AddTicks(-1)) is { IsTotal: false } window ? $" to the end of its window, {At(window.End, zone)}" : "";
    }

    private static string At(DateTimeOffset moment, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(moment, zone).ToString("d MMM, HH:mm", CultureInfo.InvariantCulture);

    private static string Keys(int count, string name) => count == 1 ? $"1 {name}" : $"{Count.Format(count)} {name}s";

    private static string Text(decimal dollars) => Money.Format(Usd.FromDollars(dollars));
}
