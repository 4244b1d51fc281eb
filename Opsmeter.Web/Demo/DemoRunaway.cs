using Opsmeter.Core;

namespace Opsmeter.Web.Demo;

/// <summary>
/// How a budget is driven from where it stands through its warning to past its limit within two minutes, whatever its
/// limit. Pure: a function of the spend at the start, the limit, the spend now and the time gone by.
/// </summary>
public static class DemoRunaway
{
    /// <summary>The price of the model it calls, in USD per million input tokens.</summary>
    public const decimal InputPerMillion = 1.25m;

    /// <summary>The price of the model it calls, in USD per million output tokens.</summary>
    public const decimal OutputPerMillion = 10m;

    // Dear, but still a call that the model takes.
    private const int MostOutputTokens = 30_000;
    private const int MostRequests = 60;

    // Nothing at first, so that the usual course can be seen; then past the default ceiling of 1.10, which confirms a
    // block at once, and there it stays.
    private static readonly (TimeSpan Until, decimal Use)[] Course =
    [
        (TimeSpan.FromSeconds(60), 0.80m),
        (TimeSpan.FromSeconds(110), 1.01m),
        (TimeSpan.FromSeconds(150), 1.12m),
    ];

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    /// <summary>What the budget should have spent by now.</summary>
    /// <param name="atStart">What it had spent at the start.</param>
    /// <param name="limit">Its limit, above zero.</param>
    /// <param name="elapsed">The time since the start.</param>
    /// <returns>At least <paramref name="atStart"/>; it never falls as time goes by.</returns>
    public static Usd SpendAt(Usd atStart, Usd limit, TimeSpan elapsed)
    {
        var from = Quiet;
        var use = atStart.Nano / (decimal)limit.Nano;
        foreach (var (until, target) in Course)
        {
            var to = Math.Max(use, target);
            if (elapsed < until)
            {
                var part = (decimal)Math.Clamp((elapsed - from) / (until - from), 0, 1);
                return Usd.FromDollars(limit.Dollars * (use + ((to - use) * part)));
            }

            from = until;
            use = to;
        }

        return Usd.FromDollars(limit.Dollars * use);
    }

    /// <summary>The requests that bring the budget to where it should be; none where it is there.</summary>
    /// <param name="atStart">What it had spent at the start.</param>
    /// <param name="spent">What it has spent now.</param>
    /// <param name="limit">Its limit, above zero.</param>
    /// <param name="elapsed">The time since the start.</param>
    /// <returns>Tokens whose cost is the missing amount, to a thousandth of a dollar each.</returns>
    public static IReadOnlyList<TokenUsage> Due(Usd atStart, Usd spent, Usd limit, TimeSpan elapsed)
    {
        var missing = SpendAt(atStart, limit, elapsed).Dollars - spent.Dollars;

        // Each call reads six times what it writes.
        const decimal perOutputToken = (OutputPerMillion + (6 * InputPerMillion)) / 1_000_000m;
        const decimal mostPerRequest = MostOutputTokens * perOutputToken;
        if (missing < perOutputToken * 100)
        {
            return [];
        }

        var requests = (int)Math.Min(MostRequests, Math.Ceiling(missing / mostPerRequest));
        var output = (long)Math.Min(MostOutputTokens, missing / requests / perOutputToken);
        return [.. Enumerable.Repeat(new TokenUsage(output * 6, output), requests)];
    }
}
