namespace Opsmeter.Core.Metering;

/// <summary>What a budget counted in one window of one key. The default value is nothing counted.</summary>
/// <param name="Priced">The cost of the priced requests.</param>
/// <param name="Estimated">Unpriced requests at the ceiling price, where the cap counts them (hard, and Tier 3 by tier).</param>
/// <param name="EstimatedApart">Unpriced requests at the ceiling price that the sum leaves out and shows beside.</param>
/// <param name="Requests">Requests, unpriced ones included.</param>
/// <param name="Tokens">Input and output tokens.</param>
/// <param name="Unpriced">Requests without a price.</param>
public readonly record struct WindowSums(
    Usd Priced, Usd Estimated, Usd EstimatedApart, long Requests, long Tokens, long Unpriced)
{
    /// <summary>What counts against a limit in USD.</summary>
    public Usd Spend => Priced + Estimated;

    /// <summary>Adds what one request counts.</summary>
    /// <exception cref="OverflowException">A sum does not fit.</exception>
    public static WindowSums operator +(WindowSums a, WindowSums b) => new(
        a.Priced + b.Priced, a.Estimated + b.Estimated, a.EstimatedApart + b.EstimatedApart,
        checked(a.Requests + b.Requests), checked(a.Tokens + b.Tokens), checked(a.Unpriced + b.Unpriced));

    /// <summary>What takes this amount away again.</summary>
    public static WindowSums operator -(WindowSums a) => default(WindowSums) - a;

    /// <summary>Takes away what one request counted.</summary>
    public static WindowSums operator -(WindowSums a, WindowSums b) => new(
        a.Priced - b.Priced, a.Estimated - b.Estimated, a.EstimatedApart - b.EstimatedApart,
        checked(a.Requests - b.Requests), checked(a.Tokens - b.Tokens), checked(a.Unpriced - b.Unpriced));

    /// <summary>How much of a measure was used: nano-USD, requests or tokens.</summary>
    public long Used(Measure measure) => measure switch
    {
        Measure.Usd => Spend.Nano,
        Measure.Requests => Requests,
        Measure.Tokens => Tokens,
    };
}
