using System.Text.Json;

namespace Opsmeter.Core.Pricing;

/// <summary>
/// The rates that priced a request, after date, time of day, size and service tier were taken into account: USD per
/// million tokens, null where the class has none of its own and falls back. Equal when every rate and its source is.
/// </summary>
public sealed record AppliedRates
{
    private const decimal Million = 1_000_000m;

    /// <summary>Where the price came from.</summary>
    public required string Source { get; init; }

    /// <summary>The version of that source.</summary>
    public required string Version { get; init; }

    /// <summary>The catalogue's provider.</summary>
    public required string Provider { get; init; }

    /// <summary>The catalogue's model.</summary>
    public required string Model { get; init; }

    /// <summary>Input text.</summary>
    public decimal? Input { get; init; }

    /// <summary>Input read from a cache; falls back to <see cref="Input"/>.</summary>
    public decimal? Cached { get; init; }

    /// <summary>Input cached for five minutes; falls back to <see cref="Input"/>.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Input cached for an hour; falls back to <see cref="CacheWrite"/>, then <see cref="Input"/>.</summary>
    public decimal? CacheWrite1h { get; init; }

    /// <summary>Audio input; falls back to <see cref="Input"/>.</summary>
    public decimal? AudioInput { get; init; }

    /// <summary>Output text.</summary>
    public decimal? Output { get; init; }

    /// <summary>Reasoning; falls back to <see cref="Output"/>.</summary>
    public decimal? Reasoning { get; init; }

    /// <summary>Audio output; falls back to <see cref="Output"/>.</summary>
    public decimal? AudioOutput { get; init; }

    /// <summary>USD for each request whatever its size.</summary>
    public decimal PerRequest { get; init; }

    /// <summary>What the whole is multiplied by: 0.5 for batch, else 1.</summary>
    public decimal Multiplier { get; init; } = 1m;

    /// <summary>True when nothing costs anything.</summary>
    public bool IsFree =>
        Input == 0 && Output == 0 && PerRequest == 0 && (Cached ?? 0) == 0 && (CacheWrite ?? 0) == 0
        && (CacheWrite1h ?? 0) == 0 && (AudioInput ?? 0) == 0 && (AudioOutput ?? 0) == 0 && (Reasoning ?? 0) == 0;

    /// <summary>The cost of a request, rounded once, half to even; null where a class with tokens has no rate.</summary>
    public Usd? Cost(TokenUsage usage) => Breakdown(usage) is { } parts ? Usd.FromDollars(parts.Total) : null;

    /// <summary>The cost by class in USD, unrounded; null where a class with tokens has no rate.</summary>
    public CostBreakdown? Breakdown(TokenUsage usage)
    {
        var complete = true;
        var parts = new CostBreakdown(
            Input: Part(usage.PlainInput, Input),
            Cached: Part(usage.Cached, Cached ?? Input),
            CacheWrite: Part(usage.CacheWrite5m, CacheWrite ?? Input),
            CacheWrite1h: Part(usage.CacheWrite1h, CacheWrite1h ?? CacheWrite ?? Input),
            AudioInput: Part(usage.AudioInput, AudioInput ?? Input),
            Output: Part(usage.PlainOutput, Output),
            Reasoning: Part(usage.Reasoning, Reasoning ?? Output),
            AudioOutput: Part(usage.AudioOutput, AudioOutput ?? Output),
            Request: PerRequest * Multiplier);
        return complete ? parts : null;

        decimal Part(long tokens, decimal? rate)
        {
            if (tokens == 0)
            {
                return 0m;
            }

            complete &= rate is not null;
            return tokens * (rate ?? 0m) * Multiplier / Million;
        }
    }

    /// <summary>The rates as JSON text, the same text for equal rates.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is something else.</exception>
    public static AppliedRates FromJson(string json) =>
        JsonSerializer.Deserialize<AppliedRates>(json) ?? throw new JsonException("The rates are empty.");
}
