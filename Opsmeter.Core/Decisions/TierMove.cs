using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Decisions;

/// <summary>What callers of an endpoint are told otherwise, now, once it is in another tier.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Budget">The budget that tells them.</param>
/// <param name="Before">What it tells now.</param>
/// <param name="After">What it would tell.</param>
/// <param name="Keys">For how many of its keys; 1 where it counts together.</param>
public sealed record TierMove(string Endpoint, Budget Budget, DecisionAction Before, DecisionAction After, int Keys)
{
    /// <summary>Finds what would change, by where the budgets stand now.</summary>
    /// <param name="board">The board that decisions read.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="to">The tier that it would be in.</param>
    /// <param name="now">The server's now.</param>
    public static IEnumerable<TierMove> Of(PolicyBoard board, string endpoint, Tier to, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(board);
        var from = board.Policy.Tiers.For(endpoint).Tier;
        return from == to
            ? []
            : board.MayCount(endpoint).Where(each => Counts(each.Budget, endpoint)).SelectMany(each => each.ReadAll(now)
                .Select(reading => (Before: DecisionTable.ActionFor(each.Budget, from, reading.Standing), After: DecisionTable.ActionFor(each.Budget, to, reading.Standing)))
                .Where(told => told.Before != told.After).GroupBy(told => told)
                .Select(told => new TierMove(endpoint, each.Budget, told.Key.Before, told.Key.After, told.Count())));
    }

    private static bool Counts(Budget budget, string endpoint) => budget.Enabled
        && budget.Conditions.Where(condition => condition.Dimension == Dimension.EndpointTag).All(condition => condition.Matches(endpoint));
}
