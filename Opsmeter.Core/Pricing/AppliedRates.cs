using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opsmeter.Core.Pricing;

/// <summary>
/// The rates that priced one request, in USD per million tokens, after everything that chose them: date and time of day,
/// the size of the request, fallbacks between classes, service tier. A rate is null where the class has none even after
/// falling back. Two are equal when all their values are; equal ones have the same JSON.
/// </summary>
public sealed record AppliedRates
{
    private const decimal Million = 1_000_000m;

    /// <summary>The catalogue they come from.</summary>
    public required string Source { get; init; }

    /// <summary>The catalogue's version.</summary>
    public required string Version { get; init; }

    /// <summary>The provider whose price it is; with a fallback, not the provider that was called.</summary>
    public required string Provider { get; init; }

    /// <summary>The model's id in the catalogue.</summary>
    public required string Model { get; init; }

    /// <summary>What the catalogue's rates and fee were multiplied by to give these: 0.5 for batch, else 1. Already applied.</summary>
    public decimal Multiplier { get; init; } = 1;

    /// <summary>Input tokens of no other class.</summary>
    public decimal? Input { get; init; }

    /// <summary>Input tokens read from a cache; falls back to <see cref="Input"/>.</summary>
    public decimal? Cached { get; init; }

    /// <summary>Input tokens written to a cache for five minutes; falls back to <see cref="Input"/>.</summary>
    public decimal? CacheWrite5m { get; init; }

    /// <summary>Input tokens written to a cache for an hour; falls back to <see cref="CacheWrite5m"/>.</summary>
    public decimal? CacheWrite1h { get; init; }

    /// <summary>Audio tokens among the input; falls back to <see cref="Input"/>.</summary>
    public decimal? AudioInput { get; init; }

    /// <summary>Output tokens of no other class.</summary>
    public decimal? Output { get; init; }

    /// <summary>Output tokens spent on reasoning; falls back to <see cref="Output"/>.</summary>
    public decimal? Reasoning { get; init; }

    /// <summary>Audio tokens among the output; falls back to <see cref="Output"/>.</summary>
    public decimal? AudioOutput { get; init; }

    /// <summary>USD for the request itself; 0 by default.</summary>
    public decimal RequestFee { get; init; }

    /// <summary>The cost of a request, summed exactly and rounded once, half to even.</summary>
    /// <param name="usage">Its tokens; totals inclusive.</param>
    /// <returns>The cost, or null when a class with tokens has no rate.</returns>
    /// <exception cref="OverflowException">The cost does not fit <see cref="Usd"/>.</exception>
    public Usd? CostOf(TokenUsage usage)
    {
        var sum = 0m;
        return Add(ref sum, usage.PlainInput, Input)
            && Add(ref sum, usage.Cached, Cached)
            && Add(ref sum, usage.CacheWrite5m, CacheWrite5m)
            && Add(ref sum, usage.CacheWrite1h, CacheWrite1h)
            && Add(ref sum, usage.AudioInput, AudioInput)
            && Add(ref sum, usage.PlainOutput, Output)
            && Add(ref sum, usage.Reasoning, Reasoning)
            && Add(ref sum, usage.AudioOutput, AudioOutput)
            ? Usd.FromDollars((sum / Million) + RequestFee)
            : null;
    }

    /// <summary>The cost of a request by class.</summary>
    /// <param name="usage">Its tokens; totals inclusive.</param>
    /// <exception cref="InvalidOperationException">A class with tokens has no rate: these rates did not price that request.</exception>
    public CostBreakdown Breakdown(TokenUsage usage) => new()
    {
        Input = Part(usage.PlainInput, Input),
        Cached = Part(usage.Cached, Cached),
        CacheWrite5m = Part(usage.CacheWrite5m, CacheWrite5m),
        CacheWrite1h = Part(usage.CacheWrite1h, CacheWrite1h),
        AudioInput = Part(usage.AudioInput, AudioInput),
        Output = Part(usage.PlainOutput, Output),
        Reasoning = Part(usage.Reasoning, Reasoning),
        AudioOutput = Part(usage.AudioOutput, AudioOutput),
        RequestFee = RequestFee,
    };

    /// <summary>The rates as JSON: amounts as decimal text, members always in the same order, none left out.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("source", Source);
            json.WriteString("version", Version);
            json.WriteString("provider", Provider);
            json.WriteString("model", Model);
            Write(json, "multiplier", Multiplier);
            Write(json, "input", Input);
            Write(json, "cached", Cached);
            Write(json, "cacheWrite5m", CacheWrite5m);
            Write(json, "cacheWrite1h", CacheWrite1h);
            Write(json, "audioInput", AudioInput);
            Write(json, "output", Output);
            Write(json, "reasoning", Reasoning);
            Write(json, "audioOutput", AudioOutput);
            Write(json, "requestFee", RequestFee);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="KeyNotFoundException">A member is missing.</exception>
    /// <exception cref="FormatException">An amount is not decimal text.</exception>
    public static AppliedRates FromJson(string text)
    {
        using var document = JsonDocument.Parse(text);
        var json = document.RootElement;
        return new AppliedRates
        {
            Source = json.GetProperty("source").GetString()!,
            Version = json.GetProperty("version").GetString()!,
            Provider = json.GetProperty("provider").GetString()!,
            Model = json.GetProperty("model").GetString()!,
            Multiplier = Read(json, "multiplier") ?? 1,
            Input = Read(json, "input"),
            Cached = Read(json, "cached"),
            CacheWrite5m = Read(json, "cacheWrite5m"),
            CacheWrite1h = Read(json, "cacheWrite1h"),
            AudioInput = Read(json, "audioInput"),
            Output = Read(json, "output"),
            Reasoning = Read(json, "reasoning"),
            AudioOutput = Read(json, "audioOutput"),
            RequestFee = Read(json, "requestFee") ?? 0,
        };
    }

    private static bool Add(ref decimal sum, long tokens, decimal? rate)
    {
        if (tokens == 0)
        {
            return true;
        }

        sum += tokens * rate.GetValueOrDefault();
        return rate.HasValue;
    }

    private static decimal Part(long tokens, decimal? rate) =>
        tokens == 0 ? 0
        : rate is { } perMillion ? tokens * perMillion / Million
        : throw new InvalidOperationException("A class with tokens has no rate.");

    // Without trailing zeros, so that equal amounts are equal text whatever scale they were computed at.
    private static void Write(Utf8JsonWriter json, string name, decimal? amount)
    {
        if (amount is { } value)
        {
            json.WriteString(name, value.ToString("0.############################", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static decimal? Read(JsonElement json, string name) =>
        json.GetProperty(name).GetString() is { } text
            ? decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)
            : null;
}
