using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>Reads a draft back to its author, a sentence for each thing that it decides.</summary>
internal static class BudgetReading
{
    /// <summary>The sentences.</summary>
    public static IReadOnlyList<string> Of(BudgetDraft draft) =>
    [
        .. new[]
        {
            Counts(draft), Keys(draft), Limit(draft), Warning(draft), Callers(draft), Degraded(draft), People(draft), Increase(draft),
        }.OfType<string>(),
    ];

    /// <summary>The endpoints that a budget names: what is typed to let it block Tier 1.</summary>
    public static string Endpoints(BudgetDraft draft)
    {
        var values = draft.Conditions.Where(condition => condition.Dimension == Dimension.EndpointTag)
            .SelectMany(condition => condition.Values).ToList();
        return values.Count == 0 ? "every endpoint" : string.Join(", ", values);
    }

    /// <summary>The window of a draft that holds an instant; null while it names none.</summary>
    public static TimeWindow? WindowAt(WindowDraft window, DateTimeOffset now)
    {
        var zone = window.TimeZone ?? "UTC";
        if (window.Kind is not { } kind || !TimeZones.TryFind(zone, out _) || window.AnchorDay is < 1 or > 28)
        {
            return null;
        }

        return new WindowCalendar(new WindowSpec
        {
            Kind = kind,
            TimeZone = zone,
            WeekStartsOn = window.WeekStartsOn ?? DayOfWeek.Monday,
            AnchorDay = window.AnchorDay ?? 1,
        }).WindowAt(now);
    }

    /// <summary>The confirmation of a draft, with the defaults of its window where it says nothing.</summary>
    public static Confirmation ConfirmationOf(BudgetDraft draft)
    {
        var usual = Confirmation.DefaultFor(draft.Window.Kind ?? WindowKind.Day);
        return usual with
        {
            Mode = draft.Confirmation.Mode ?? usual.Mode,
            MinRate = draft.Confirmation.MinRate ?? usual.MinRate,
            LongMinutes = draft.Confirmation.LongMinutes ?? usual.LongMinutes,
            ShortMinutes = draft.Confirmation.ShortMinutes ?? usual.ShortMinutes,
            Ceiling = draft.Confirmation.Ceiling ?? usual.Ceiling,
        };
    }

    private static string Counts(BudgetDraft draft)
    {
        var environments = string.Join(" and ", (draft.Environments ?? []).Select(environment => environment.ToString().ToLowerInvariant()));
        var modes = string.Join(" and ", (draft.DataModes ?? []).Select(mode => mode.ToString().ToLowerInvariant()));
        var off = draft.Enabled == false ? "Switched off: counts and decides nothing. When on, it counts " : "Counts ";
        return $"{off}{environments}, {modes} requests of {DraftWords.Conditions(draft.Conditions)}.";
    }

    private static string? Keys(BudgetDraft draft)
    {
        if (draft.Per is not { } per)
        {
            return null;
        }

        var name = DraftWords.Name(per);
        var overrides = draft.Overrides.Count switch
        {
            0 => "",
            1 => $" One {name} has another limit.",
            var count => $" {count} {name}s have other limits.",
        };
        var unkeyed = draft.UnkeyedLimitUsd is { } usd && DraftWords.InRange(usd)
            ? $" Requests without a {name} share {Money.Format(Usd.FromDollars(usd))}."
            : $" Requests without a {name} are not counted.";
        return $"Each {name} has a window and a state of its own.{overrides}{unkeyed}";
    }

    private static string Limit(BudgetDraft draft)
    {
        var each = draft.Per is { } per ? $" for each {DraftWords.Name(per)}" : "";
        if (draft.Window.Kind is not { } kind)
        {
            return $"{DraftWords.Limits(draft)}{each}.";
        }

        var zone = kind is WindowKind.Hour or WindowKind.Total ? "" : $" in {draft.Window.TimeZone ?? "the workspace's zone"}";
        var start = kind switch
        {
            WindowKind.Week => $", from {draft.Window.WeekStartsOn ?? DayOfWeek.Monday}",
            WindowKind.Month or WindowKind.Quarter or WindowKind.Year when draft.Window.AnchorDay is > 1 => $", from day {draft.Window.AnchorDay}",
            WindowKind.Total => "; it never resets",
            WindowKind.Hour or WindowKind.Day or WindowKind.Month or WindowKind.Quarter or WindowKind.Year => "",
        };
        return $"{DraftWords.Limits(draft)} {DraftWords.Every(kind)}{each}{zone}{start}.";
    }

    private static string Warning(BudgetDraft draft)
    {
        var ratio = draft.WarnAt ?? 0.8m;
        var amount = draft.LimitUsd is { } usd && DraftWords.InRange(usd) && ratio is >= 0 and <= 1
            ? $", at {Money.Rounded(Usd.FromDollars(usd * ratio))}"
            : "";
        return $"Warns at {DraftWords.Percent(ratio)} of the limit{amount}.";
    }

    private static string Callers(BudgetDraft draft)
    {
        var cap = draft.Cap ?? Cap.ByTier;
        var confirmation = ConfirmationOf(draft);
        var evidence = confirmation.Mode switch
        {
            ConfirmationMode.Immediate => "as soon as the limit is passed",
            ConfirmationMode.BurnRate => $"once it is still heading past {DraftWords.Percent(confirmation.Ceiling)} over "
                + $"{DraftWords.Minutes(confirmation.LongMinutes)} and {DraftWords.Minutes(confirmation.ShortMinutes)}, or has reached it",
        };
        var plan = draft.DegradeAt == DegradeAt.OverPlan ? "at the warning while heading past the limit" : "from the warning on";
        return cap switch
        {
            Cap.Soft => "Never degrades or blocks anyone.",
            Cap.Degrade => $"Degrades callers {plan}; never blocks.",
            Cap.ByTier => $"Degrades Tier 2 {plan}, Tier 1 and 3 past the limit. Blocks Tier 3 {evidence}.",
            Cap.Hard => $"Degrades past the limit. Blocks Tier {(draft.BlockTier1 == true ? "1, 2 and 3" : "2 and 3")} {evidence}.",
        };
    }

    private static string? Degraded(BudgetDraft draft)
    {
        if (draft.Cap == Cap.Soft || draft.DegradedMode is not { } mode)
        {
            return null;
        }

        var parts = new[]
        {
            mode.Model is { Length: > 0 } model ? $"use {model}" : null,
            mode.MaxOutputTokens is { } output ? $"write at most {Count.Format(output)} tokens" : null,
            mode.MaxInputTokens is { } input ? $"send at most {Count.Format(input)} tokens" : null,
            mode.DisableTools == true ? "leave tools off" : null,
            mode.AllowedTools is { Count: > 0 } tools ? $"use only the tools {string.Join(", ", tools)}" : null,
        }.OfType<string>().ToList();
        return parts.Count == 0 ? null : $"Degraded callers {string.Join(", ", parts)}.";
    }

    private static string? People(BudgetDraft draft) => draft.Owner is not { Length: > 0 } owner
        ? null
        : draft.Backup is { Length: > 0 } backup ? $"Owned by {owner}, backed up by {backup}." : $"Owned by {owner}.";

    private static string? Increase(BudgetDraft draft) =>
        draft.TemporaryIncrease is { AmountUsd: { } amount } && DraftWords.InRange(amount)
            ? $"For now {Money.Format(Usd.FromDollars(amount))} more."
            : null;
}
