using System.Collections.Concurrent;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Replay;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>Tries drafts on the requests of the past; reads only.</summary>
public sealed class Replays(BudgetPolicies budgets, Boards boards, LedgerHistory history, TimeProvider time) : IDisposable
{
    /// <summary>The most days that may be replayed at once.</summary>
    public const int MostDays = 92;

    private const int RowsAtOnce = 8_192;
    private const int ChunksAhead = 4;

    // Each uses every core: more at once would only make all of them late.
    private readonly SemaphoreSlim _turn = new(1);

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    /// <summary>The draft as a budget. What does not change a replay is filled in where it is missing, in the draft itself.</summary>
    /// <returns>The budget, or what the author should change.</returns>
    public async Task<(BudgetDocument? Budget, IReadOnlyDictionary<string, string[]> Errors)> CheckAsync(int workspaceId, BudgetDraft draft)
    {
        var context = await budgets.ContextAsync(workspaceId);
        draft.Name = string.IsNullOrWhiteSpace(draft.Name) ? "Draft" : draft.Name;
        draft.Owner = context.MemberEmails.Count > 0 ? context.MemberEmails[0] : draft.Owner;
        (draft.Backup, draft.Escalation) = (null, "default");
        return BudgetRules.Check(draft, context);
    }

    /// <summary>Replays one budget alone, under its own cap and each of the four.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="budget">The budget.</param>
    /// <param name="range">The range; what of it lies ahead is left out.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Stops it.</param>
    public Task<ReplayResult> RunAsync(
        int workspaceId, BudgetDocument budget, TimeWindow range, IProgress<ReplayProgress>? progress, CancellationToken cancellation)
    {
        var policy = boards[workspaceId].Policy;
        return RunAsync(
            workspaceId, new WorkspacePolicy(policy.Settings, [budget.ToBudget() with { Enabled = true }], policy.Entries, policy.Ceiling), range,
            comparesCaps: true, progress, cancellation);
    }

    /// <summary>Replays a whole policy.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="range">The range; what of it lies ahead is left out.</param>
    /// <param name="comparesCaps">True to tell it under each of the four caps besides.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<ReplayResult> RunAsync(
        int workspaceId, WorkspacePolicy policy, TimeWindow range, bool comparesCaps, IProgress<ReplayProgress>? progress,
        CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        range = new TimeWindow(range.Start, range.End < now ? range.End : now);
        await _turn.WaitAsync(cancellation);
        try
        {
            return await LongWork.RunAsync(() => Replay(workspaceId, policy, range, comparesCaps, progress, cancellation), cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    private ReplayResult Replay(
        int workspaceId, WorkspacePolicy policy, TimeWindow range, bool comparesCaps, IProgress<ReplayProgress>? progress,
        CancellationToken cancellation)
    {
        var replay = new PolicyReplay(policy, PriceBook.BuiltIn, range, history.HoursOf(workspaceId, policy.Settings.TenantFrom), comparesCaps);
        using var chunks = new BlockingCollection<(PricedRow[] Rows, int Skipped)>(ChunksAhead);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = LongWork.RunAsync(() => Read(workspaceId, policy, new TimeWindow(replay.From, range.End), range.Start, chunks, both.Token));
        try
        {
            var (first, requests) = (replay.From, 0);
            foreach (var (rows, skipped) in chunks.GetConsumingEnumerable(cancellation))
            {
                replay.Take(rows);
                replay.Skip(skipped);
                requests += rows.Length + skipped;
                if (rows.Length > 0)
                {
                    var at = rows[^1].Request.OccurredAt;
                    first = first == DateTimeOffset.MinValue ? rows[0].Request.OccurredAt : first;
                    progress?.Report(new ReplayProgress(requests, Math.Clamp((at - first) / (range.End - first), 0, 1)));
                }
            }
        }
        catch
        {
            both.Cancel();
            reading.ContinueWith(static _ => { }, TaskScheduler.Default).Wait(CancellationToken.None);
            throw;
        }

        reading.GetAwaiter().GetResult();
        return replay.Result();
    }

    private void Read(
        int workspaceId, WorkspacePolicy policy, TimeWindow needed, DateTimeOffset told, BlockingCollection<(PricedRow[] Rows, int Skipped)> chunks,
        CancellationToken cancellation)
    {
        try
        {
            var skipped = 0;
            foreach (var rows in history.Read(workspaceId, needed, policy, at => skipped += at >= told ? 1 : 0, cancellation).Chunk(RowsAtOnce))
            {
                chunks.Add((rows, skipped), cancellation);
                skipped = 0;
            }

            chunks.Add(([], skipped), cancellation);
        }
        finally
        {
            chunks.CompleteAdding();
        }
    }
}
