using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Budgets;

/// <summary>The limits in force for one window of one key. At least one is set.</summary>
/// <param name="Usd">The limit in money, or null.</param>
/// <param name="Requests">The limit in requests, or null.</param>
/// <param name="Tokens">The limit in tokens, or null.</param>
public readonly record struct Limits(Usd? Usd, long? Requests, long? Tokens)
{
    /// <summary>One measure's limit (nano-USD, requests or tokens), or null.</summary>
    public long? Of(Measure measure) => measure switch
    {
        Measure.Usd => Usd?.Nano,
        Measure.Requests => Requests,
        Measure.Tokens => Tokens,
    };

    /// <summary>The same limits without the one in money.</summary>
    public Limits WithoutMoney() => this with { Usd = null };

    /// <summary>True when no measure is limited.</summary>
    public bool IsNone => Usd is null && Requests is null && Tokens is null;
}
