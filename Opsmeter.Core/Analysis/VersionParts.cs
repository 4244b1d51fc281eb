namespace Opsmeter.Core.Analysis;

/// <summary>
/// Why a request of one prompt version costs more or less than one of another, in dollars per request. The parts add up
/// to the difference of the means.
/// </summary>
/// <param name="Input">Longer or shorter inputs.</param>
/// <param name="Caching">Less or more of the input served from a cache.</param>
/// <param name="Output">Longer or shorter outputs.</param>
/// <param name="Models">Requests sent to dearer or cheaper models.</param>
/// <param name="Other">What token counts and the catalogue's rates do not explain: other prices, tiers, cache writes, audio.</param>
public sealed record VersionParts(double Input, double Caching, double Output, double Models, double Other)
{
    private const double Million = 1_000_000;

    /// <summary>The difference of the mean costs: the sum of the parts.</summary>
    public double Change => Input + Caching + Output + Models + Other;

    /// <summary>Takes the difference apart.</summary>
    /// <remarks>
    /// Every product is split by the mean of its two sides (a Marshall–Edgeworth decomposition), so that no order of the
    /// factors is preferred and swapping the versions turns every sign. A model that only one of them called has no other
    /// side: all it makes is the models' doing.
    /// </remarks>
    /// <param name="models">Each model: what either version did on it, and its rates where they are known.</param>
    /// <returns>Null where either has no priced request.</returns>
    public static VersionParts? Between(IReadOnlyCollection<(VersionCell Earlier, VersionCell Later, TokenRates? Rates)> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        var (earlier, later) = (models.Sum(model => model.Earlier.Requests), models.Sum(model => model.Later.Requests));
        if (earlier == 0 || later == 0)
        {
            return null;
        }

        var parts = new VersionParts(0, 0, 0, 0, 0);
        foreach (var (a, b, rates) in models)
        {
            var (shareA, shareB) = ((double)a.Requests / earlier, (double)b.Requests / later);
            var (costA, costB) = (Mean(a, a.Dollars), Mean(b, b.Dollars));
            parts = parts with { Models = parts.Models + ((shareB - shareA) * Middle(costA ?? costB ?? 0, costB ?? costA ?? 0)) };
            if (costA is { } before && costB is { } after)
            {
                parts = parts.With(a, b, Middle(shareA, shareB), after - before, rates);
            }
        }

        return parts;
    }

    /// <summary>Adds what one model's requests changed in themselves.</summary>
    private VersionParts With(VersionCell a, VersionCell b, double weight, double change, TokenRates? known)
    {
        if (known is not { } rates)
        {
            return this with { Other = Other + (weight * change) };
        }

        var (inputA, inputB) = (Mean(a, a.InputTokens) ?? 0, Mean(b, b.InputTokens) ?? 0);
        var (cachedA, cachedB) = (CachedShare(a), CachedShare(b));
        var cached = Middle(cachedA, cachedB);
        var input = (inputB - inputA) * ((rates.Input * (1 - cached)) + (rates.Cached * cached)) / Million;
        var caching = (cachedB - cachedA) * (rates.Cached - rates.Input) * Middle(inputA, inputB) / Million;
        var output = ((Mean(b, b.OutputTokens) ?? 0) - (Mean(a, a.OutputTokens) ?? 0)) * rates.Output / Million;
        return this with
        {
            Input = Input + (weight * input),
            Caching = Caching + (weight * caching),
            Output = Output + (weight * output),
            Other = Other + (weight * (change - input - caching - output)),
        };
    }

    private static double? Mean(VersionCell cell, double sum) => cell.Requests == 0 ? null : sum / cell.Requests;

    private static double CachedShare(VersionCell cell) => cell.InputTokens == 0 ? 0 : (double)cell.CachedTokens / cell.InputTokens;

    private static double Middle(double a, double b) => (a + b) / 2;
}
