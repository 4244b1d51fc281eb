using Opsmeter.Core;
using Opsmeter.Core.Budgets;

namespace Opsmeter.Web.Storage;

/// <summary>What an edit of the policy has to count anew, where that is too much to be done between two groups.</summary>
/// <param name="Session">Whose meters they are.</param>
/// <param name="WorkspaceId">The workspace.</param>
/// <param name="Reload">The policy that the edit leads to, and the budgets to count.</param>
/// <param name="Now">The server's clock.</param>
internal sealed record CountTask(LedgerSession Session, int WorkspaceId, PolicyReload Reload, DateTimeOffset Now)
{
    /// <summary>Counts what is in the ledger now, beside the writer; only the writer may go on with what comes of it.</summary>
    public CountedAhead Run(LedgerHistory history, CancellationToken cancellation)
    {
        var policy = new WorkspacePolicy(
            Reload.Stored.Policy.Settings, Reload.Counted.Select(each => each.Meters.Budget), Reload.Stored.Policy.Entries, Reload.Stored.Policy.Ceiling);
        var range = new TimeWindow(Reload.CountedSince, DateTimeOffset.MaxValue);
        var place = default(LedgerPlace);
        foreach (var row in history.Read(WorkspaceId, range, policy, asOf => place = asOf, _ => { }, cancellation))
        {
            Pipeline.Recount(policy, Reload.Counted, row, Now);
        }

        return new CountedAhead(
            Session, place, Reload.Stored.PrintOfAll(),
            Reload.Counted.ToDictionary(each => Reload.Stored.PrintOf(each.Meters.Budget.Id), each => each.Meters, StringComparer.Ordinal));
    }
}

/// <summary>Budgets that were counted up to a place in the ledger.</summary>
/// <param name="Session">Whose meters they are.</param>
/// <param name="Place">What of the ledger is in them.</param>
/// <param name="Print">What all their counts depend on.</param>
/// <param name="Meters">The meters, by what each one's counts depend on besides.</param>
internal sealed record CountedAhead(LedgerSession Session, LedgerPlace Place, string Print, IReadOnlyDictionary<string, BudgetMeters> Meters);

/// <summary>A place in the ledger.</summary>
/// <param name="Seq">The number of the last row, inclusive.</param>
/// <param name="CorrectionId">The number of the last correction, inclusive.</param>
public readonly record struct LedgerPlace(long Seq, long CorrectionId);

/// <summary>The policy as it is in the database, and what has to be counted before it can be in force.</summary>
/// <param name="Stored">The policy.</param>
/// <param name="All">The meters of every budget that is on.</param>
/// <param name="Counted">Those of them that are to be counted, empty yet, each with the instant since when.</param>
internal sealed record PolicyReload(
    StoredPolicy Stored, IReadOnlyList<BudgetMeters> All, IReadOnlyList<(BudgetMeters Meters, DateTimeOffset From)> Counted)
{
    /// <summary>The earliest instant since when something is to be counted; only where something is.</summary>
    public DateTimeOffset CountedSince => Counted.Min(each => each.From);

    /// <summary>The same with the meters that were counted ahead in place of the empty ones.</summary>
    /// <returns>Null where what they depend on is another by now.</returns>
    public PolicyReload? With(CountedAhead ahead)
    {
        if (ahead.Print != Stored.PrintOfAll())
        {
            return null;
        }

        var taken = new Dictionary<BudgetMeters, BudgetMeters>();
        foreach (var (meters, _) in Counted)
        {
            if (!ahead.Meters.TryGetValue(Stored.PrintOf(meters.Budget.Id), out var counted))
            {
                return null;
            }

            taken[meters] = counted;
        }

        foreach (var (empty, counted) in taken)
        {
            counted.BeOf(empty.Budget, empty.CountedFrom);
        }

        return this with
        {
            All = [.. All.Select(meters => taken.GetValueOrDefault(meters, meters))],
            Counted = [.. Counted.Select(each => (taken[each.Meters], each.From))],
        };
    }
}
