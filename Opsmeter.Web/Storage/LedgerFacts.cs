using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Storage;

/// <summary>
/// The columns beside the ledger, as its writer keeps them: what the open transaction adds is shown once it is on disk. Only
/// the writer's thread uses it.
/// </summary>
internal sealed class LedgerFacts(SqliteLedger ledger, FactStore store, int segmentRows)
{
    private readonly Dictionary<int, List<Fact>> _added = [];
    private readonly Dictionary<int, SegmentColumns> _sealed = [];

    /// <summary>
    /// Brings the columns of a workspace up to the ledger. After a failed commit they have all that was answered, and perhaps
    /// less than what is on disk: whatever the ledger has behind them is added.
    /// </summary>
    public void Load(int workspaceId)
    {
        var segments = ledger.Segments(workspaceId);
        var board = store.Find(workspaceId);
        if (board is null || board.Segments.Count != segments.Count)
        {
            board = FactBoard.Of(segments, segmentRows);
        }

        store.Publish(workspaceId, board);

        // Where a ledger has many rows that no segment holds, as one of an earlier version has.
        while (Take(ledger.RowsAfter(workspaceId, store[workspaceId].LastSeq, segmentRows)) == segmentRows)
        {
            ledger.Begin();
            SealNow(workspaceId, store[workspaceId].Sealable()!);
            ledger.Commit();
            Publish();
        }

        Take(ledger.CorrectionsAfter(workspaceId, store[workspaceId].LastCorrectionId));

        int Take(List<Fact> facts)
        {
            store.Publish(workspaceId, store[workspaceId].With(facts));
            return facts.Count;
        }
    }

    /// <summary>Adds what a row of the open transaction counts, or a correction takes back.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="row">The row.</param>
    /// <param name="correctionId">The correction that takes it back, or 0.</param>
    public void Add(int workspaceId, in StoredRow row, long correctionId)
    {
        if (!_added.TryGetValue(workspaceId, out var facts))
        {
            _added[workspaceId] = facts = [];
        }

        facts.Add(Fact.Of(row, correctionId));
    }

    /// <summary>Shows what the transaction changed; call after the commit.</summary>
    public void Publish()
    {
        foreach (var (id, facts) in _added)
        {
            store.Publish(id, store[id].With(facts));
            facts.Clear();
        }

        foreach (var (id, columns) in _sealed)
        {
            store.Publish(id, store[id].Sealed(columns.Segment));
        }

        _sealed.Clear();
    }

    /// <summary>Writes the oldest facts in memory as a segment.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="columns">The segment.</param>
    /// <param name="before">The board that its facts come from.</param>
    /// <returns>False when another has taken its place, or has those facts already.</returns>
    public bool Seal(int workspaceId, SegmentColumns columns, FactBoard before)
    {
        if (ledger.NextSegmentId() != columns.Segment.Id || store[workspaceId].Segments.Count != before.Segments.Count)
        {
            return false;
        }

        ledger.Add(workspaceId, columns);
        _sealed[workspaceId] = columns;
        return true;
    }

    /// <summary>
    /// Deletes the oldest rows that arrived before an instant. Those that only memory has in columns are packed into a segment
    /// first, in a step of its own.
    /// </summary>
    public RetentionStep DropRows(IEnumerable<int> workspaces, DateTimeOffset receivedBefore, int most)
    {
        var last = long.MaxValue;
        foreach (var id in workspaces)
        {
            if (store[id].FirstSeqInMemory is not { } first)
            {
                continue;
            }

            if (ledger.ReceivedAt(first) < receivedBefore)
            {
                SealNow(id, [.. store[id].Tail.SelectMany(chunk => chunk.ToArray())]);
                return new RetentionStep(ledger.Start, 0, IsLast: false);
            }

            last = Math.Min(last, first - 1);
        }

        var rows = ledger.DropRows(receivedBefore, last, most);
        return new RetentionStep(ledger.Start, rows, IsLast: rows == 0);
    }

    /// <summary>What was matched by the hour, the open transaction included.</summary>
    public Func<TenantSource, HourLookup> HoursOf(int workspaceId) => tenants => (budget, measure, hours) => BudgetHours.Read(
        store, store[workspaceId], _added.GetValueOrDefault(workspaceId) ?? [], id => ledger.TextOf(id), tenants, budget, measure, hours);

    private void SealNow(int workspaceId, Fact[] facts)
    {
        var board = store[workspaceId];
        Seal(workspaceId, SegmentColumns.Of(ledger.NextSegmentId(), facts, board), board);
    }
}
