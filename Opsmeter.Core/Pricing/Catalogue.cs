using System.Globalization;
using System.Text.Json;

namespace Opsmeter.Core.Pricing;

/// <summary>A price catalogue as the build wrote it (catalogue.mjs): amounts are decimal text, in USD per million tokens.</summary>
internal sealed class Catalogue
{
    private const string Resource = "Opsmeter.Core.Pricing.catalogue.json";

    private Catalogue(string source, string version, DateOnly published)
    {
        Source = source;
        Version = version;
        Published = published;
    }

    public string Source { get; }

    public string Version { get; }

    public DateOnly Published { get; }

    public IReadOnlyList<CatalogueProvider> Providers { get; private set; } = [];

    public static Catalogue ReadBuiltIn()
    {
        using var stream = typeof(Catalogue).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The build embedded no {Resource}.");
        return Read(stream);
    }

    public static Catalogue Read(Stream stream)
    {
        using var document = JsonDocument.Parse(stream);
        var root = document.RootElement;
        var catalogue = new Catalogue(
            Text(root, "source"), Text(root, "version"),
            DateOnly.ParseExact(Text(root, "published"), "yyyy-MM-dd", CultureInfo.InvariantCulture));
        catalogue.Providers = [.. root.GetProperty("providers").EnumerateArray().Select(catalogue.ReadProvider)];
        return catalogue;
    }

    private CatalogueProvider ReadProvider(JsonElement json)
    {
        var id = Text(json, "id");
        return new CatalogueProvider(
            id, Text(json, "name"), ReadOptionalClause(json.GetProperty("match")), ReadOptionalClause(json.GetProperty("modelMatch")),
            [.. json.GetProperty("fallback").EnumerateArray().Select(name => name.GetString()!)],
            [.. json.GetProperty("models").EnumerateArray().Select(model => ReadModel(id, model))]);
    }

    private CatalogueModel ReadModel(string provider, JsonElement json)
    {
        var id = Text(json, "id");
        var origin = new PriceOrigin(Source, Version, provider, id);
        var window = json.GetProperty("contextWindow");
        return new CatalogueModel(
            provider, id, json.GetProperty("name").GetString(),
            window.ValueKind == JsonValueKind.Null ? null : window.GetInt64(),
            json.GetProperty("deprecated").GetBoolean(), ReadClause(json.GetProperty("match")),
            [.. json.GetProperty("prices").EnumerateArray().Select(price => ReadPrice(origin, price))]);
    }

    private static ModelPrice ReadPrice(PriceOrigin origin, JsonElement json)
    {
        var rates = new Dictionary<TokenClass, Rate>();
        decimal? perThousandRequests = null;
        var hasOtherCharges = false;
        var hasAnyKey = false;
        foreach (var member in json.GetProperty("rates").EnumerateObject())
        {
            hasAnyKey = true;
            var rate = ReadRate(member.Value);
            if (ClassOf(member.Name) is { } tokens)
            {
                rates.Add(tokens, rate);
            }
            else if (member.Name == "requests_kcount")
            {
                perThousandRequests = rate.BasePerMillion;
            }
            else
            {
                hasOtherCharges |= rate.BasePerMillion > 0 || rate.Steps.Any(step => step.PerMillion > 0);
            }
        }

        // The catalogue writes {} both for what costs nothing and for what it does not know; only the name tells.
        if (!hasAnyKey && origin.Model.EndsWith(":free", StringComparison.OrdinalIgnoreCase))
        {
            rates.Add(TokenClass.Input, new Rate(0, []));
            rates.Add(TokenClass.Output, new Rate(0, []));
        }

        return new ModelPrice(origin, ReadConstraint(json), rates, perThousandRequests, hasOtherCharges);
    }

    // cache_audio_read_mtok has no class here: cached and audio tokens are reported as disjoint.
    private static TokenClass? ClassOf(string key) => key switch
    {
        "input_mtok" => TokenClass.Input,
        "cache_read_mtok" => TokenClass.Cached,
        "cache_write_mtok" => TokenClass.CacheWrite5m,
        "cache_write_1h_mtok" => TokenClass.CacheWrite1h,
        "input_audio_mtok" => TokenClass.AudioInput,
        "output_mtok" => TokenClass.Output,
        "output_reasoning_mtok" => TokenClass.Reasoning,
        "output_audio_mtok" => TokenClass.AudioOutput,
        _ => null,
    };

    private static Rate ReadRate(JsonElement json) => json.ValueKind == JsonValueKind.String
        ? new Rate(Amount(json), [])
        : new Rate(
            Amount(json.GetProperty("base")),
            json.GetProperty("tiers").EnumerateArray()
                .Select(tier => new RateStep(tier.GetProperty("start").GetInt64(), Amount(tier.GetProperty("price")))));

    private static PriceConstraint? ReadConstraint(JsonElement json)
    {
        if (json.TryGetProperty("startDate", out var day))
        {
            return new PriceConstraint(DateOnly.ParseExact(day.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture), null, null);
        }

        return json.TryGetProperty("startTime", out _)
            ? new PriceConstraint(null, Time(json, "startTime"), Time(json, "endTime"))
            : null;
    }

    private static MatchClause? ReadOptionalClause(JsonElement json) =>
        json.ValueKind == JsonValueKind.Null ? null : ReadClause(json);

    private static MatchClause ReadClause(JsonElement json)
    {
        var clause = json.EnumerateObject().Single();
        return clause.Name switch
        {
            "equals" => new MatchClause.EqualTo(clause.Value.GetString()!),
            "starts_with" => new MatchClause.StartsWith(clause.Value.GetString()!),
            "ends_with" => new MatchClause.EndsWith(clause.Value.GetString()!),
            "contains" => new MatchClause.Contains(clause.Value.GetString()!),
            "regex" => new MatchClause.Like(clause.Value.GetString()!),
            "or" => new MatchClause.Any([.. clause.Value.EnumerateArray().Select(ReadClause)]),
            "and" => new MatchClause.All([.. clause.Value.EnumerateArray().Select(ReadClause)]),
            _ => throw new FormatException($"The catalogue has an unknown clause, {clause.Name}."),
        };
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static decimal Amount(JsonElement json) =>
        decimal.Parse(json.GetString()!, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private static TimeOnly Time(JsonElement json, string name) =>
        TimeOnly.ParseExact(Text(json, name), "HH:mm:ss", CultureInfo.InvariantCulture);
}
