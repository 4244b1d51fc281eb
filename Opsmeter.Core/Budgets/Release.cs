using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Budgets;

/// <summary>A person ended a block: confirming again takes evidence of its own.</summary>
/// <param name="At">When.</param>
/// <param name="Nano">The nano-USD that the window had used by then.</param>
/// <param name="Requests">Its requests.</param>
/// <param name="Tokens">Its tokens.</param>
public readonly record struct Release(DateTimeOffset At, long Nano, long Requests, long Tokens)
{
    /// <summary>What was used since, at least 0: a correction may have taken some back.</summary>
    public long Since(Measure measure, WindowSums sums) => Math.Max(0, measure switch
    {
        Measure.Usd => sums.Spend.Nano - Nano,
        Measure.Requests => sums.Requests - Requests,
        Measure.Tokens => sums.Tokens - Tokens,
    });
}
