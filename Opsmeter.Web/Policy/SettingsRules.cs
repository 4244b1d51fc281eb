using Opsmeter.Core.Alerts;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>What a workspace's settings must look like. Pure, for the form and for the writer.</summary>
public static class SettingsRules
{
    // A hundred times the dearest model: above that a single unpriced request could exhaust what sums can hold.
    private const decimal MostPerMillion = 100_000m;
    private const int MostWindows = 50;

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
            MuteWindows = draft.MuteWindows is { } windows ? Windows(errors, windows) : before.MuteWindows,
            Digests = draft.Digests is { } digests ? Digests(errors.Under("digests"), digests) : before.Digests,
        };
        return (errors.IsEmpty ? settings : null, errors.ToDictionary());
    }

    private static string[]? Windows(FieldErrors errors, List<string> windows)
    {
        string[] written = [.. windows.Select(window => window.Trim()).Where(window => window.Length > 0)];
        if (written.Length > MostWindows)
        {
            errors.Add("muteWindows", $"Write at most {MostWindows}.");
        }

        if (written.FirstOrDefault(window => MuteWindow.Parse(window) is null) is { } wrong)
        {
            errors.Add("muteWindows", $"Write each as a day and a time, such as \"1 01:00-04:00\", \"monday 02:00-03:00\" or \"daily 23:30-00:30\"; \"{(wrong.Length > 50 ? wrong[..50] : wrong)}\" is none.");
        }

        return written.Length == 0 ? null : written;
    }

    private static DigestDocument? Digests(FieldErrors errors, DigestDraft draft)
    {
        var notify = errors.Line("notify", draft.Notify?.Trim(), FieldRules.LongestName);
        var (daily, weekly) = (errors.Line("daily", draft.Daily?.Trim(), FieldRules.LongestName), errors.Line("weekly", draft.Weekly?.Trim(), FieldRules.LongestName));
        if (daily is not null && DigestTimes.Daily(daily) is null)
        {
            errors.Add("daily", "Write the hour and minute, such as 08:00.");
        }

        if (weekly is not null && DigestTimes.Weekly(weekly) is null)
        {
            errors.Add("weekly", "Write the day, the hour and the minute, such as monday 09:00.");
        }

        if (notify is null && (daily is not null || weekly is not null))
        {
            errors.Add("notify", "Write a channel's name or a member's e-mail.");
        }

        return notify is null || (daily is null && weekly is null) ? null : new DigestDocument(notify, daily, weekly);
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
