namespace Opsmeter.Core.Pricing;

/// <summary>What a class of tokens costs, in USD per million, by the size of the request.</summary>
public sealed class Rate
{
    private readonly RateStep[] _steps;

    /// <summary>Creates a rate.</summary>
    /// <param name="basePerMillion">USD per million tokens below every step.</param>
    /// <param name="steps">The steps, in any order.</param>
    public Rate(decimal basePerMillion, IEnumerable<RateStep> steps)
    {
        BasePerMillion = basePerMillion;
        _steps = [.. steps.OrderBy(step => step.Above)];
    }

    /// <summary>USD per million tokens below every step.</summary>
    public decimal BasePerMillion { get; }

    /// <summary>The steps, by rising threshold.</summary>
    public IReadOnlyList<RateStep> Steps => _steps;

    /// <summary>The rate of a whole request: that of the highest step strictly below its total input tokens.</summary>
    /// <param name="totalInput">All input tokens of the request; output rates step by them too.</param>
    public decimal For(long totalInput)
    {
        var rate = BasePerMillion;
        foreach (var step in _steps)
        {
            if (step.Above < totalInput)
            {
                rate = step.PerMillion;
            }
        }

        return rate;
    }
}
