namespace Opsmeter.Core.Analysis;

/// <summary>The costs of one prompt version's priced requests, as sums that can be added to each other.</summary>
/// <param name="Requests">How many.</param>
/// <param name="Dollars">Their sum in dollars.</param>
/// <param name="SquaredDollars">The sum of their squares.</param>
public readonly record struct CostSample(long Requests, double Dollars, double SquaredDollars)
{
    /// <summary>The mean in dollars; NaN without requests.</summary>
    public double Mean => Dollars / Requests;

    /// <summary>The unbiased variance; NaN for fewer than two requests.</summary>
    public double Variance => Math.Max(0, (SquaredDollars - (Dollars * Dollars / Requests)) / (Requests - 1));

    /// <summary>Adds one request.</summary>
    public CostSample With(Usd cost)
    {
        var dollars = (double)cost.Dollars;
        return new CostSample(Requests + 1, Dollars + dollars, SquaredDollars + (dollars * dollars));
    }
}
