using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>
/// What a budget must look like. Pure, so that the form can ask while someone types and the writer asks again in its
/// transaction; only whether the name is taken is asked there.
/// </summary>
public static class BudgetRules
{
    private const int MostConditions = 20;
    private const int MostValues = 200;
    private const int MostThresholds = 10;
    private const int LongestReason = 500;
    private const int LongestWindowMinutes = 43_200;

    /// <summary>Fills in the defaults and checks every field.</summary>
    /// <returns>The budget, or null and what to change: the field as the API spells it → messages.</returns>
    public static (BudgetDocument? Budget, IReadOnlyDictionary<string, string[]> Errors) Check(BudgetDraft draft, BudgetContext context)
    {
        var errors = new FieldErrors();
        var cap = draft.Cap ?? Cap.ByTier;
        var window = Window(errors.Under("window"), draft.Window, context);
        Limits(errors, draft);
        var owner = errors.Member("owner", draft.Owner, context.MemberEmails, "Write the e-mail of the member who owns the budget.");
        var budget = new BudgetDocument
        {
            Id = context.Before?.Id ?? "",
            Name = errors.Line("name", draft.Name?.Trim(), FieldRules.LongestName, "Write a name of 1 to 200 characters.") ?? "",
            Enabled = draft.Enabled ?? true,
            Notes = errors.Notes(draft.Notes),
            Conditions = Conditions(errors, draft.Conditions),
            Per = draft.Per,
            Overrides = Overrides(errors, draft),
            Environments = Distinct(errors, "environments", draft.Environments, DeploymentEnvironment.Prod),
            DataModes = Distinct(errors, "dataModes", draft.DataModes, DataMode.Real),
            LimitUsd = draft.LimitUsd,
            LimitRequests = draft.LimitRequests,
            LimitTokens = draft.LimitTokens,
            Window = window,
            WarnAt = errors.Between("warnAt", draft.WarnAt, 0.01m, 1) ?? 0.8m,
            NotifyAt = Thresholds(errors, draft.NotifyAt),
            ForecastWarnAt = errors.Between("forecastWarnAt", draft.ForecastWarnAt, 0.01m, 10),
            Cap = cap,
            Confirmation = Confirm(errors.Under("confirmation"), draft.Confirmation, window.Kind),
            DegradedMode = errors.DegradedMode(draft.DegradedMode),
            DegradeAt = draft.DegradeAt ?? DegradeAt.Warning,
            BlockTier1 = draft.BlockTier1 ?? false,
            UnkeyedLimitUsd = Unkeyed(errors, draft),
            HoldExpiry = draft.HoldExpiry ?? DefaultExpiry(cap),
            BlockMessage = errors.BlockMessage(draft.BlockMessage),
            Owner = owner ?? "",
            Backup = Backup(errors, draft.Backup, owner, context),
            Escalation = Escalation(errors, draft.Escalation, context),
            TemporaryIncrease = Increase(errors.Under("temporaryIncrease"), draft, context),
        };
        return (errors.IsEmpty ? budget : null, errors.ToDictionary());
    }

    /// <summary>What becomes of a hold whose request never arrives, where nothing is said.</summary>
    public static HoldExpiry DefaultExpiry(Cap cap) => cap switch
    {
        Cap.Hard or Cap.ByTier => HoldExpiry.Charge,
        Cap.Soft or Cap.Degrade => HoldExpiry.Release,
    };

    private static void Limits(FieldErrors errors, BudgetDraft draft)
    {
        if (draft is { LimitUsd: null, LimitRequests: null, LimitTokens: null })
        {
            errors.Add("limitUsd", "Set at least one limit: limitUsd, limitRequests or limitTokens.");
        }

        errors.Usd("limitUsd", draft.LimitUsd);
        errors.AtLeastOne("limitRequests", draft.LimitRequests);
        errors.AtLeastOne("limitTokens", draft.LimitTokens);
    }

    private static WindowDocument Window(FieldErrors errors, WindowDraft draft, BudgetContext context)
    {
        if (draft.Kind is null)
        {
            errors.Add("kind", $"Choose the window: {JsonFields.Choices<WindowKind>()}.");
        }

        errors.Between("anchorDay", draft.AnchorDay, 1, 28);
        return new WindowDocument
        {
            Kind = draft.Kind ?? WindowKind.Day,
            TimeZone = errors.TimeZone("timeZone", draft.TimeZone ?? context.TimeZone),
            WeekStartsOn = draft.WeekStartsOn ?? context.WeekStartsOn,
            AnchorDay = draft.AnchorDay ?? 1,
        };
    }

    private static ConditionDocument[] Conditions(FieldErrors errors, List<ConditionDraft> drafts)
    {
        if (drafts.Count > MostConditions)
        {
            errors.Add("conditions", $"Write at most {MostConditions} conditions.");
        }

        return [.. drafts.Select((draft, index) => OneCondition(errors.Under($"conditions[{index}]"), draft))];
    }

    private static ConditionDocument OneCondition(FieldErrors errors, ConditionDraft draft)
    {
        if (draft.Dimension is null)
        {
            errors.Add("dimension", $"Choose what is looked at: {JsonFields.Choices<Dimension>()}.");
        }

        if (draft.Values.Count is 0 or > MostValues)
        {
            errors.Add("values", $"Write 1 to {MostValues} values.");
        }

        foreach (var value in draft.Values.TakeWhile(_ => !errors.Has("values")))
        {
            errors.Pattern("values", value);
        }

        return new ConditionDocument(draft.Dimension ?? default, [.. draft.Values]);
    }

    private static OverrideDocument[] Overrides(FieldErrors errors, BudgetDraft draft)
    {
        if (draft.Overrides.Count == 0)
        {
            return [];
        }

        if (draft.Per is null)
        {
            errors.Add("overrides", "Set per as well: other limits are for single values of a dimension.");
        }

        if (draft.LimitUsd is null)
        {
            errors.Add("overrides", "Set limitUsd as well: other limits are in USD.");
        }

        var seen = new HashSet<string>(draft.Per is { } per ? FieldRules.ComparerFor(per) : StringComparer.Ordinal);
        var overrides = new OverrideDocument[draft.Overrides.Count];
        for (var i = 0; i < overrides.Length; i++)
        {
            var own = errors.Under($"overrides[{i}]");
            var value = own.Line("value", draft.Overrides[i].Value, FieldRules.LongestName, "Write the value that has another limit.") ?? "";
            if (!seen.Add(value))
            {
                own.Add("value", "Write each value once; this one has a limit above.");
            }

            var limit = own.Usd("limitUsd", draft.Overrides[i].LimitUsd, "Write the limit of this value in USD.");
            overrides[i] = new OverrideDocument(value, limit ?? 0);
        }

        return overrides;
    }

    private static decimal? Unkeyed(FieldErrors errors, BudgetDraft draft)
    {
        if (draft is { UnkeyedLimitUsd: not null, Per: null })
        {
            errors.Add("unkeyedLimitUsd", "Set per as well: this is the limit of requests without that dimension.");
        }

        return errors.Usd("unkeyedLimitUsd", draft.UnkeyedLimitUsd);
    }

    private static T[] Distinct<T>(FieldErrors errors, string field, List<T>? chosen, T usual)
        where T : struct, Enum
    {
        if (chosen is null)
        {
            return [usual];
        }

        if (chosen.Count == 0)
        {
            errors.Add(field, $"Name at least one: {JsonFields.Choices<T>()}.");
        }
        else if (chosen.Distinct().Count() != chosen.Count)
        {
            errors.Add(field, "Name each one once.");
        }

        return [.. chosen];
    }

    private static decimal[] Thresholds(FieldErrors errors, List<decimal> ratios)
    {
        if (ratios.Count > MostThresholds)
        {
            errors.Add("notifyAt", $"Write at most {MostThresholds} thresholds.");
        }

        foreach (var ratio in ratios.TakeWhile(_ => !errors.Has("notifyAt")))
        {
            errors.Between("notifyAt", ratio, 0.01m, 1);
        }

        return [.. ratios];
    }

    private static ConfirmationDocument Confirm(FieldErrors errors, ConfirmationDraft draft, WindowKind kind)
    {
        var usual = Confirmation.DefaultFor(kind);
        var confirmation = new ConfirmationDocument
        {
            Mode = draft.Mode ?? usual.Mode,
            MinRate = errors.Between("minRate", draft.MinRate, 0, 1_000_000_000) ?? usual.MinRate,
            LongMinutes = draft.LongMinutes ?? usual.LongMinutes,
            ShortMinutes = draft.ShortMinutes ?? usual.ShortMinutes,
            Ceiling = errors.Between("ceiling", draft.Ceiling, 1, 1_000) ?? usual.Ceiling,
        };
        errors.AtLeastOne("shortMinutes", confirmation.ShortMinutes);
        if (confirmation.LongMinutes <= confirmation.ShortMinutes || confirmation.LongMinutes > LongestWindowMinutes)
        {
            errors.Add("longMinutes", "Write whole minutes, more than shortMinutes and at most 43,200.");
        }

        return confirmation;
    }

    private static string? Backup(FieldErrors errors, string? name, string? owner, BudgetContext context)
    {
        if (context.ChannelNames.FirstOrDefault(channel => channel == name?.Trim()) is { } channel)
        {
            return channel;
        }

        if (context.ChannelNames.Count > 0 && !string.IsNullOrWhiteSpace(name) && !name.Contains('@'))
        {
            errors.Add("backup", "Write the e-mail of a member or the name of a channel of this workspace.");
            return null;
        }

        var backup = errors.Member("backup", name, context.MemberEmails);
        if (backup is not null && backup == owner)
        {
            errors.Add("backup", "Write another member than the owner, or leave it out.");
        }

        return backup;
    }

    private static string Escalation(FieldErrors errors, string? name, BudgetContext context)
    {
        if (name is null || !context.EscalationNames.Contains(name))
        {
            errors.Add("escalation", $"Write {string.Join(" or ", context.EscalationNames.Take(10).Select(known => $"\"{known}\""))}: who is told when.");
        }

        return name ?? "";
    }

    private static TemporaryIncreaseDocument? Increase(FieldErrors errors, BudgetDraft draft, BudgetContext context)
    {
        if (draft.TemporaryIncrease is not { } increase)
        {
            return null;
        }

        var before = context.Before?.TemporaryIncrease;
        var unchanged = before is not null && before.AmountUsd == increase.AmountUsd && before.Until == increase.Until
            && before.Reason == increase.Reason && before.TakeBack == (increase.TakeBack ?? false);
        if (draft.LimitUsd is null)
        {
            errors.Add("", "Set limitUsd as well: an increase is of the limit in USD.");
        }

        // One that has run out stays as it is, so that whoever reads a budget and writes it back is not refused.
        if (increase.Until is null || (increase.Until <= context.Now && !unchanged))
        {
            errors.Add("until", "Write a time in the future, such as 2026-11-23T14:05:00Z.");
        }

        return new TemporaryIncreaseDocument
        {
            AmountUsd = errors.Usd("amountUsd", increase.AmountUsd, "Write the amount in USD that is added to the limit.") ?? 0,
            From = unchanged ? before!.From : context.Now,
            Until = increase.Until ?? context.Now,
            Reason = errors.Line("reason", increase.Reason, LongestReason, "Write why, 1 to 500 characters.") ?? "",
            TakeBack = increase.TakeBack ?? false,
        };
    }
}
