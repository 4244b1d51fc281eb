using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Pricing;

/// <summary>One price of a model: its rates, and when they are in force. Immutable and thread-safe.</summary>
public sealed class ModelPrice
{
    /// <summary>What batch processing costs where the catalogue knows no rate of its own for it.</summary>
    public const decimal BatchMultiplier = 0.5m;

    private readonly long[] _thresholds;
    private readonly AppliedRates?[] _standard;
    private readonly AppliedRates?[] _batch;

    /// <summary>Creates a price.</summary>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="constraint">When it is in force, or null for always.</param>
    /// <param name="rates">The rates by class, as the catalogue has them: no fallbacks.</param>
    /// <param name="perThousandRequests">USD per thousand requests, or null.</param>
    /// <param name="hasOtherCharges">True when the provider also charges for what is not counted here, such as images.</param>
    public ModelPrice(
        PriceOrigin origin, PriceConstraint? constraint, IReadOnlyDictionary<TokenClass, Rate> rates,
        decimal? perThousandRequests, bool hasOtherCharges)
    {
        Origin = origin;
        Constraint = constraint;
        Rates = rates;
        PerThousandRequests = perThousandRequests;
        HasOtherCharges = hasOtherCharges;
        _thresholds = [.. rates.Values.SelectMany(rate => rate.Steps).Select(step => step.Above).Distinct().Order()];
        _standard = new AppliedRates?[_thresholds.Length + 1];
        _batch = new AppliedRates?[_thresholds.Length + 1];
    }

    /// <summary>Where it comes from.</summary>
    public PriceOrigin Origin { get; }

    /// <summary>When it is in force, or null for always.</summary>
    public PriceConstraint? Constraint { get; }

    /// <summary>The rates by class, as the catalogue has them: a class that is absent falls back.</summary>
    public IReadOnlyDictionary<TokenClass, Rate> Rates { get; }

    /// <summary>USD per thousand requests, or null.</summary>
    public decimal? PerThousandRequests { get; }

    /// <summary>True when the provider also charges for what is not counted here: images, searches, pages, hours.</summary>
    public bool HasOtherCharges { get; }

    /// <summary>False where the catalogue knows the model and not what its tokens or requests cost.</summary>
    public bool IsPriced => Rates.Count > 0 || PerThousandRequests is not null;

    /// <summary>True when it is priced, and everything about it costs nothing.</summary>
    public bool IsFree => IsPriced && !HasOtherCharges && PerThousandRequests is null or 0
        && Rates.Values.All(rate => rate.BasePerMillion == 0 && rate.Steps.All(step => step.PerMillion == 0));

    /// <summary>The rates of one request. The same instance for every request of the same step and tier.</summary>
    /// <param name="totalInput">All its input tokens: they choose the step, of output rates too.</param>
    /// <param name="tier">Its service tier.</param>
    /// <returns>The rates, or null when the price is not known.</returns>
    public AppliedRates? For(long totalInput, ServiceTier tier)
    {
        if (!IsPriced)
        {
            return null;
        }

        // The catalogue has no rates of their own for service tiers: batch is halved, the others are the ordinary price.
        var (kept, multiplier) = tier switch
        {
            ServiceTier.Batch when !IsBatchPrice => (_batch, BatchMultiplier),
            ServiceTier.Batch or ServiceTier.Standard or ServiceTier.Flex or ServiceTier.Priority => (_standard, 1m),
        };
        var step = 0;
        while (step < _thresholds.Length && _thresholds[step] < totalInput)
        {
            step++;
        }

        // Two threads may both make it; either result will do.
        return Volatile.Read(ref kept[step]) ?? Keep(ref kept[step], Apply(totalInput, multiplier));
    }

    // Some catalogues list batch processing as a model of its own: its price is not halved again.
    private bool IsBatchPrice => Origin.Model.EndsWith(":batch", StringComparison.OrdinalIgnoreCase);

    private static AppliedRates Keep(ref AppliedRates? place, AppliedRates rates)
    {
        Volatile.Write(ref place, rates);
        return rates;
    }

    private AppliedRates Apply(long totalInput, decimal multiplier)
    {
        var input = RateOf(TokenClass.Input, null);
        var output = RateOf(TokenClass.Output, null);
        var cacheWrite5m = RateOf(TokenClass.CacheWrite5m, input);
        return new AppliedRates
        {
            Source = Origin.Source,
            Version = Origin.Version,
            Provider = Origin.Provider,
            Model = Origin.Model,
            Multiplier = multiplier,
            Input = input,
            Cached = RateOf(TokenClass.Cached, input),
            CacheWrite5m = cacheWrite5m,
            CacheWrite1h = RateOf(TokenClass.CacheWrite1h, cacheWrite5m),
            AudioInput = RateOf(TokenClass.AudioInput, input),
            Output = output,
            Reasoning = RateOf(TokenClass.Reasoning, output),
            AudioOutput = RateOf(TokenClass.AudioOutput, output),
            RequestFee = (PerThousandRequests ?? 0) * multiplier / 1000m,
        };

        decimal? RateOf(TokenClass tokens, decimal? fallback) =>
            Rates.TryGetValue(tokens, out var rate) ? rate.For(totalInput) * multiplier : fallback;
    }
}
