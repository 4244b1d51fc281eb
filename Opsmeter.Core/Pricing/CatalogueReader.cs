using System.Globalization;
using System.Text.Json;

namespace Opsmeter.Core.Pricing;

/// <summary>Reads the catalogue that the build extracts from genai-prices; numbers are decimal text.</summary>
internal static class CatalogueReader
{
    public static (string Source, string Version, IReadOnlyList<CataloguedProvider> Providers) Read(Stream json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var source = root.GetProperty("source").GetString()!;
        var version = root.GetProperty("version").GetString()!;
        return (source, version,
            [.. root.GetProperty("providers").EnumerateArray().Select(provider => ReadProvider(provider, source, version))]);
    }

    private static CataloguedProvider ReadProvider(JsonElement provider, string source, string version)
    {
        var id = provider.GetProperty("id").GetString()!;
        var models = provider.GetProperty("models").EnumerateArray()
            .Select(model => (ReadModel(model, id, source, version), MatchClause.Read(model.GetProperty("match"))))
            .ToArray();
        return new CataloguedProvider(
            id, Clause(provider, "provider_match"), Clause(provider, "model_match"),
            provider.TryGetProperty("fallback_model_providers", out var fallbacks)
                ? [.. fallbacks.EnumerateArray().Select(name => name.GetString()!)]
                : [],
            models);
    }

    private static CataloguedModel ReadModel(JsonElement model, string provider, string source, string version) => new(
        provider,
        model.GetProperty("id").GetString()!,
        model.TryGetProperty("name", out var name) ? name.GetString() : null,
        model.TryGetProperty("context_window", out var window) ? (long)Number(window) : null,
        model.TryGetProperty("deprecated", out var deprecated) && deprecated.ValueKind == JsonValueKind.True,
        [.. model.GetProperty("prices").EnumerateArray().Select(ReadPrice)],
        source,
        version);

    private static ModelPrice ReadPrice(JsonElement entry)
    {
        var prices = entry.GetProperty("prices");
        var price = new ModelPrice
        {
            Input = Class(prices, "input_mtok"),
            Cached = Class(prices, "cache_read_mtok"),
            CacheWrite = Class(prices, "cache_write_mtok"),
            CacheWrite1h = Class(prices, "cache_write_1h_mtok"),
            AudioInput = Class(prices, "input_audio_mtok"),
            Output = Class(prices, "output_mtok"),
            Reasoning = Class(prices, "output_reasoning_mtok"),
            AudioOutput = Class(prices, "output_audio_mtok"),
            RequestsPerThousand = prices.TryGetProperty("requests_kcount", out var fee) ? Number(fee) : null,
        };
        if (!entry.TryGetProperty("constraint", out var constraint))
        {
            return price;
        }

        return constraint.TryGetProperty("start_date", out var date)
            ? price with { StartDate = DateOnly.Parse(date.GetString()!, CultureInfo.InvariantCulture) }
            : price with { StartTime = Time(constraint, "start_time"), EndTime = Time(constraint, "end_time") };
    }

    private static ClassPrice? Class(JsonElement prices, string name)
    {
        if (!prices.TryGetProperty(name, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Object
            ? new ClassPrice(
                Number(value.GetProperty("base")),
                [.. value.GetProperty("tiers").EnumerateArray()
                    .Select(tier => new PriceTier((long)Number(tier.GetProperty("start")), Number(tier.GetProperty("price"))))
                    .OrderBy(tier => tier.Start)])
            : new ClassPrice(Number(value), []);
    }

    private static decimal Number(JsonElement text) =>
        decimal.Parse(text.GetString()!, NumberStyles.Number, CultureInfo.InvariantCulture);

    private static TimeOnly Time(JsonElement constraint, string name) =>
        TimeOnly.Parse(constraint.GetProperty(name).GetString()!.TrimEnd('Z'), CultureInfo.InvariantCulture);

    private static MatchClause? Clause(JsonElement provider, string name) =>
        provider.TryGetProperty(name, out var clause) ? MatchClause.Read(clause) : null;
}
