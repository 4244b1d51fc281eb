using Opsmeter.Core.Budgets;

namespace Opsmeter.Core.Analysis;

/// <summary>What a limit would be by what its windows have used. Pure.</summary>
public static class LimitAdvice
{
    /// <summary>The fewest windows about which anything is said.</summary>
    public const int FewestWindows = 4;

    /// <summary>How far a review moves a limit at most.</summary>
    public const decimal MostChange = 0.25m;

    private const decimal LeastChange = 0.05m;

    /// <summary>The limit that is suggested.</summary>
    /// <param name="windows">What completed windows used, surges left out.</param>
    /// <param name="tier">The tier that most of the spend is in: the more critical, the more room.</param>
    /// <param name="limit">The limit in force; above zero.</param>
    /// <returns>
    /// The tier's quantile with its room — Tier 1: p99 and half as much again, Tier 2: p95 and a fifth, Tier 3: p90 and a
    /// tenth — at most a quarter from the limit, in two significant digits; null where that is no change to speak of.
    /// </returns>
    public static Usd? For(IReadOnlyList<Usd> windows, Tier tier, Usd limit)
    {
        ArgumentNullException.ThrowIfNull(windows);
        if (windows.Count < FewestWindows || limit <= Usd.Zero)
        {
            return null;
        }

        var (quantile, room) = tier switch
        {
            Tier.Tier1 => (0.99, 1.5m),
            Tier.Tier2 => (0.95, 1.2m),
            Tier.Tier3 => (0.90, 1.1m),
        };
        var wanted = Quantile([.. windows.Select(window => window.Dollars).Order()], quantile) * room;
        var within = Math.Clamp(wanted, limit.Dollars * (1 - MostChange), limit.Dollars * (1 + MostChange));
        var advised = Math.Clamp(TwoDigits(within), limit.Dollars * (1 - MostChange), limit.Dollars * (1 + MostChange));
        return advised <= 0 || Math.Abs(advised - limit.Dollars) < LeastChange * limit.Dollars ? null : Usd.FromDollars(Math.Round(advised, 9));
    }

    /// <summary>The warning that is suggested where warnings came and the limit never followed: above all but the dearest of the windows that stayed within it.</summary>
    /// <param name="uses">How much of their limit completed windows used.</param>
    /// <param name="warnAt">The warning in force.</param>
    /// <returns>A ratio of at most 0.95; null where warnings were few, or right.</returns>
    public static decimal? Warning(IReadOnlyList<decimal> uses, decimal warnAt)
    {
        ArgumentNullException.ThrowIfNull(uses);
        var warned = uses.Where(use => use >= warnAt).ToArray();
        if (uses.Count < FewestWindows || warned.Length < 2 || uses.Any(use => use > 1))
        {
            return null;
        }

        var raised = Math.Min(0.95m, Math.Ceiling(warned.Max() * 20) / 20);
        return raised - warnAt >= 0.05m ? raised : null;
    }

    // Linear between the two nearest, as spreadsheets have it.
    private static decimal Quantile(decimal[] ordered, double quantile)
    {
        var place = quantile * (ordered.Length - 1);
        var below = (int)place;
        return below + 1 >= ordered.Length ? ordered[^1] : ordered[below] + ((ordered[below + 1] - ordered[below]) * (decimal)(place - below));
    }

    private static decimal TwoDigits(decimal amount)
    {
        if (amount <= 0)
        {
            return 0;
        }

        var unit = (decimal)Math.Pow(10, Math.Floor(Math.Log10((double)amount)) - 1);
        return Math.Round(amount / unit) * unit;
    }
}
