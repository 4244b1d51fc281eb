using Opsmeter.Core;

namespace Opsmeter.Web.Reports;

/// <summary>How spend changed against the time it is compared with. The default value compares nothing.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="Difference">Now less before; zero where it cannot be said.</param>
/// <param name="Ratio">The difference as a share of what was spent before; null where that is no number.</param>
public readonly record struct ValueChange(ChangeKind Kind, Usd Difference, decimal? Ratio)
{
    /// <summary>The change from one sum to another.</summary>
    /// <param name="before">What it is compared with; null for nothing.</param>
    /// <param name="now">What there is now.</param>
    public static ValueChange Between(SpendSums? before, SpendSums now)
    {
        if (before is not { } old)
        {
            return default;
        }

        return (old, now) switch
        {
            ({ Requests: 0 }, { Requests: 0 }) => new(ChangeKind.Same, Usd.Zero, 0),
            (_, { Cost: null }) or ({ Cost: null }, _) => new(ChangeKind.Unpriced, Usd.Zero, null),
            ({ Requests: 0 }, _) => new(ChangeKind.New, now.Priced, null),
            (_, { Requests: 0 }) => new(ChangeKind.Gone, Usd.Zero - old.Priced, -1),
            _ when old.Priced == now.Priced => new(ChangeKind.Same, Usd.Zero, 0),
            ({ Priced.Nano: 0 }, _) => new(ChangeKind.FromZero, now.Priced, null),
            _ => new(ChangeKind.Moved, now.Priced - old.Priced, (decimal)(now.Priced - old.Priced).Nano / old.Priced.Nano),
        };
    }
}
