namespace Opsmeter.Core.Budgets;

/// <summary>
/// Which tier an endpoint is in: an exact tag before the longest matching pattern; none gives the default. Immutable.
/// </summary>
public sealed class TierMap
{
    private readonly Dictionary<string, TierEntry> _exact;
    private readonly TierEntry[] _patterns;
    private readonly TierEntry _unclassified;

    /// <summary>Creates the map.</summary>
    /// <param name="entries">The entries; patterns are unique.</param>
    /// <param name="defaultTier">The tier of an endpoint that no entry names.</param>
    /// <param name="modes">The degraded mode of a tier's entries that have none.</param>
    public TierMap(IEnumerable<TierEntry> entries, Tier defaultTier, IReadOnlyDictionary<Tier, DegradedMode>? modes = null)
    {
        TierEntry[] all = [.. entries.Select(WithMode)];
        _exact = all.Where(entry => !entry.Pattern.IsPrefix)
            .ToDictionary(entry => entry.Pattern.ToString(), StringComparer.Ordinal);
        _patterns = [.. all.Where(entry => entry.Pattern.IsPrefix).OrderByDescending(entry => entry.Pattern.Specificity)];
        _unclassified = WithMode(new TierEntry { Pattern = new("*"), Tier = defaultTier });

        TierEntry WithMode(TierEntry entry) => entry.DegradedMode is null && modes?.GetValueOrDefault(entry.Tier) is { } mode
            ? entry with { DegradedMode = mode }
            : entry;
    }

    /// <summary>The entry of an endpoint.</summary>
    /// <param name="endpointTag">The endpoint.</param>
    /// <param name="classified">False when no entry names it and the default was taken.</param>
    public TierEntry For(string endpointTag, out bool classified)
    {
        classified = true;
        if (_exact.TryGetValue(endpointTag, out var exact))
        {
            return exact;
        }

        foreach (var entry in _patterns)
        {
            if (entry.Pattern.Matches(endpointTag))
            {
                return entry;
            }
        }

        classified = false;
        return _unclassified;
    }

    /// <summary>The entry of an endpoint.</summary>
    public TierEntry For(string endpointTag) => For(endpointTag, out _);
}
