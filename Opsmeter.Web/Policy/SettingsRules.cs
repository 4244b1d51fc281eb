using Opsmeter.Web.Hosting;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>What a workspace's settings must look like. Pure, for the form and for the writer.</summary>
public static class SettingsRules
{
    // A hundred times the dearest model: above that a single unpriced request could exhaust what sums can hold.
    private const decimal MostPerMillion = 100_000m;

    /// <summary>Checks what was written over what is.</summary>
    /// <returns>The settings, or null and what to change.</returns>
    public static (SettingsDocument? Settings, IReadOnlyDictionary<string, string[]> Errors) Check(
        SettingsDraft draft, SettingsDocument before)
    {
        var errors = new FieldErrors();
        errors.Between("defaultTier", draft.DefaultTier, 1, 3);
        var settings = new SettingsDocument
        {
            TimeZone = errors.TimeZone("timeZone", draft.TimeZone ?? before.TimeZone),
            WeekStartsOn = draft.WeekStartsOn ?? before.WeekStartsOn,
            DefaultTier = draft.DefaultTier ?? before.DefaultTier,
            Observe = draft.Observe ?? before.Observe,
            CeilingPrice = draft.KeepsCeilingPrice ? before.CeilingPrice : Price(errors.Under("ceilingPrice"), draft.CeilingPrice),
            TenantFrom = draft.TenantFrom ?? before.TenantFrom,
            DegradedModes = draft.DegradedModes is { } modes ? Modes(errors, modes) : before.DegradedModes,
        };
        return (errors.IsEmpty ? settings : null, errors.ToDictionary());
    }

    /// <summary>Checks the modes of the tiers.</summary>
    private static TierModesDocument? Modes(FieldErrors errors, TierModesDraft modes)
    {
        var own = errors.Under("degradedModes");
        var all = new TierModesDocument(
            own.DegradedMode(modes.Tier1, "tier1"), own.DegradedMode(modes.Tier2, "tier2"), own.DegradedMode(modes.Tier3, "tier3"));
        return all == TierModesDocument.None ? null : all;
    }

    private static CeilingPriceDocument? Price(FieldErrors errors, CeilingPriceDraft? draft) => draft is null
        ? null
        : new CeilingPriceDocument(
            Rate(errors, "inputPerMillion", draft.InputPerMillion), Rate(errors, "outputPerMillion", draft.OutputPerMillion));

    private static decimal Rate(FieldErrors errors, string field, decimal? rate)
    {
        if (rate is null)
        {
            errors.Add(field, "Write a price in USD per million tokens, or leave the ceiling price out.");
        }

        return errors.Between(field, rate, 0, MostPerMillion) ?? 0;
    }
}
