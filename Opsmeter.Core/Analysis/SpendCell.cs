namespace Opsmeter.Core.Analysis;

/// <summary>Priced requests of one kind in one period: the unit that a change is taken apart by.</summary>
/// <param name="Requests">How many; 0 or more.</param>
/// <param name="Tokens">Input and output tokens together; 0 or more.</param>
/// <param name="Cost">What they cost together.</param>
public readonly record struct SpendCell(long Requests, long Tokens, Usd Cost)
{
    /// <summary>Adds two.</summary>
    public static SpendCell operator +(SpendCell a, SpendCell b) =>
        new(checked(a.Requests + b.Requests), checked(a.Tokens + b.Tokens), a.Cost + b.Cost);
}
