using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Budgets;

/// <summary>A limit on some of the traffic over a repeating window, and what happens as it is used.</summary>
public sealed record Budget
{
    // The same as the lists, a bit for each: asked of every budget for every request.
    private readonly int _environments = 1 << (int)DeploymentEnvironment.Prod;
    private readonly int _dataModes = 1 << (int)DataMode.Real;

    /// <summary>The id, unique within the workspace.</summary>
    public required string Id { get; init; }

    /// <summary>The name, unique within the workspace.</summary>
    public required string Name { get; init; }

    /// <summary>False when it counts and decides nothing.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>All of them have to match; none means the whole workspace.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>The dimension every value of which has its own window and state, or null to count together.</summary>
    public Dimension? Per { get; init; }

    /// <summary>Other limits in USD for named values of <see cref="Per"/>.</summary>
    public IReadOnlyDictionary<string, Usd> Overrides { get; init; } = new Dictionary<string, Usd>();

    /// <summary>The environments counted; production alone by default.</summary>
    public IReadOnlyList<DeploymentEnvironment> Environments
    {
        get;
        init => (field, _environments) = (value, value.Aggregate(0, (set, environment) => set | (1 << (int)environment)));
    } = [DeploymentEnvironment.Prod];

    /// <summary>The data modes counted; real alone by default.</summary>
    public IReadOnlyList<DataMode> DataModes
    {
        get;
        init => (field, _dataModes) = (value, value.Aggregate(0, (set, mode) => set | (1 << (int)mode)));
    } = [DataMode.Real];

    /// <summary>The limits of one window; at least one is set, each above zero.</summary>
    public required Limits Limits { get; init; }

    /// <summary>Which windows.</summary>
    public required WindowSpec Window { get; init; }

    /// <summary>The ratio of the limit that warns, 0.01–1.</summary>
    public decimal WarnAt { get; init; } = 0.80m;

    /// <summary>What it does to callers.</summary>
    public Cap Cap { get; init; }

    /// <summary>What blocking waits for.</summary>
    public required Confirmation Confirmation { get; init; }

    /// <summary>What degraded callers are told, or null for the tier's.</summary>
    public DegradedMode? DegradedMode { get; init; }

    /// <summary>When "degrade at warning" begins.</summary>
    public DegradeAt DegradeAt { get; init; }

    /// <summary>What becomes of a hold that expires.</summary>
    public HoldExpiry HoldExpiry { get; init; }

    /// <summary>True when a hard cap may block a Tier 1 endpoint.</summary>
    public bool BlockTier1 { get; init; }

    /// <summary>The limit of requests without the <see cref="Per"/> dimension, as one key; null leaves them uncounted.</summary>
    public Usd? UnkeyedLimit { get; init; }

    /// <summary>The text for blocked end users, or null.</summary>
    public string? BlockMessage { get; init; }

    /// <summary>More money for a while, or null.</summary>
    public TemporaryIncrease? Increase { get; init; }

    /// <summary>The key of requests without the <see cref="Per"/> dimension. Dimension values are never empty.</summary>
    public const string UnkeyedKey = "";

    /// <summary>True when every condition matches and the environment and data mode are counted.</summary>
    public bool Matches(Dimensions request)
    {
        if ((_environments & (1 << (int)request.Environment)) == 0 || (_dataModes & (1 << (int)request.DataMode)) == 0)
        {
            return false;
        }

        foreach (var condition in Conditions)
        {
            if (!condition.Matches(request))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The key a matching request counts under: null for a budget that counts together.</summary>
    /// <returns>False when the request lacks the dimension and such requests are not counted.</returns>
    public bool TryGetKey(Dimensions request, out string? key)
    {
        key = null;
        if (Per is not { } per)
        {
            return true;
        }

        key = request[per];
        if (key is not null)
        {
            // Provider and model ignore case in conditions, so they must not split into keys by case either.
            key = Condition.ComparisonFor(per) == StringComparison.OrdinalIgnoreCase ? key.ToLowerInvariant() : key;
            return true;
        }

        key = UnkeyedKey;
        return UnkeyedLimit is not null;
    }

    /// <summary>The limits in force for a key in a window, temporary increase included.</summary>
    public Limits LimitsFor(string? key, TimeWindow window)
    {
        var limits = Limits;
        if (key == UnkeyedKey)
        {
            limits = new Limits(UnkeyedLimit, null, null);
        }
        else if (key is not null && TryGetOverride(key, out var other))
        {
            limits = limits with { Usd = other };
        }

        return limits.Usd is { } usd && Increase is { } increase && increase.Touches(window)
            ? limits with { Usd = usd + increase.Amount }
            : limits;
    }

    /// <summary>True when an unpriced request of this tier counts at the ceiling price.</summary>
    public bool CountsUnpriced(Tier tier) => Cap switch
    {
        Cap.Hard => true,
        Cap.ByTier => tier == Tier.Tier3,
        Cap.Soft or Cap.Degrade => false,
    };

    private bool TryGetOverride(string key, out Usd limit)
    {
        if (Overrides.TryGetValue(key, out limit))
        {
            return true;
        }

        // Keys of provider and model are in lower case; an override is written as its author spells the model.
        var comparison = Per is { } per ? Condition.ComparisonFor(per) : StringComparison.Ordinal;
        foreach (var (value, other) in Overrides)
        {
            if (string.Equals(value, key, comparison))
            {
                limit = other;
                return true;
            }
        }

        return false;
    }
}
