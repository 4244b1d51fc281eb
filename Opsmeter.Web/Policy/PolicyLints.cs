using System.Text.Json;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>Checks a workspace's policy against its recent requests; reads only.</summary>
public sealed class PolicyLints(BudgetPolicies budgets, Boards boards, LedgerHistory history, TimeProvider time) : IDisposable
{
    // A million take a second or two; a week of them is the usual rhythm of a team.
    private const int MostRequests = 1_000_000;
    private static readonly TimeSpan Back = TimeSpan.FromDays(7);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<int, (WorkspacePolicy Policy, DateTimeOffset At, LintScan Scan, TimeWindow Span)> _scans = [];

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    /// <summary>Checks the policy in force.</summary>
    public async Task<LintReport> CheckAsync(int workspaceId, CancellationToken cancellation)
    {
        var documents = (await budgets.ListAsync(workspaceId)).Select(item => item.Document).ToArray();
        var members = await budgets.OwnersAsync(workspaceId);
        await _turn.WaitAsync(cancellation);
        try
        {
            var (policy, now) = (boards[workspaceId].Policy, time.GetUtcNow());
            if (!_scans.TryGetValue(workspaceId, out var last) || last.Policy != policy || now - last.At > Fresh)
            {
                var span = new TimeWindow(now - Back, now);
                last = _scans[workspaceId] = (policy, now, await LongWork.RunAsync(() => Scan(workspaceId, policy, span, cancellation), cancellation), span);
            }

            var findings = PolicyLint.Check(policy, last.Scan, documents.ToDictionary(budget => budget.Id, budget => PeopleOf(budget, members)), AsksOf(workspaceId, policy));
            return new LintReport(findings, last.Span, last.Scan.Requests);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Checks one budget as it would be.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="id">The budget; null for a new one.</param>
    /// <param name="draft">What would be saved.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What is found of this budget alone; null while the draft is no budget yet.</returns>
    public async Task<LintReport?> CheckAsync(int workspaceId, string? id, BudgetDraft draft, CancellationToken cancellation)
    {
        var context = await budgets.ContextAsync(workspaceId, id);
        var members = context.MemberEmails;
        if (BudgetRules.Check(Checkable(draft, members), context).Budget is not { } checkedBudget)
        {
            return null;
        }

        var people = PeopleOf(checkedBudget with { Owner = draft.Owner ?? "", Backup = draft.Backup }, members);
        var policy = boards[workspaceId].Policy;
        var budget = checkedBudget.ToBudget() with { Enabled = true };
        var others = policy.Budgets.Where(other => other.Id != budget.Id);
        var span = new TimeWindow(time.GetUtcNow() - Back, time.GetUtcNow());
        await _turn.WaitAsync(cancellation);
        try
        {
            var scan = await LongWork.RunAsync(() => Scan(workspaceId, With([budget]), span, cancellation), cancellation);
            var findings = PolicyLint.Check(
                With([.. others, budget]), scan, new Dictionary<string, LintPeople> { [budget.Id] = people }, AsksOf(workspaceId, policy));
            return new LintReport([.. findings.Where(finding => finding.BudgetId == budget.Id)], span, scan.Requests);
        }
        finally
        {
            _turn.Release();
        }

        WorkspacePolicy With(IReadOnlyList<Budget> all) => new(policy.Settings, all, policy.Entries, policy.Ceiling);
    }

    private LintScan Scan(int workspaceId, WorkspacePolicy policy, TimeWindow span, CancellationToken cancellation)
    {
        LintScan? scan = null;
        foreach (var (row, received) in history.ReadArrivals(workspaceId, span, MostRequests, cancellation))
        {
            // It tells of no more than it read.
            scan ??= new LintScan(policy, span with { Start = row.Request.OccurredAt - span.Start < TimeSpan.FromHours(1) ? span.Start : row.Request.OccurredAt });
            scan.Take(row, received);
        }

        return scan ?? new LintScan(policy, span);
    }

    /// <summary>The draft with what has no part in its traffic filled in, so that a form that is not done yet can be checked.</summary>
    private static BudgetDraft Checkable(BudgetDraft draft, IReadOnlyList<string> members)
    {
        var copy = JsonSerializer.Deserialize<BudgetDraft>(JsonSerializer.Serialize(draft))!;
        copy.Name = string.IsNullOrWhiteSpace(copy.Name) ? "Draft" : copy.Name;
        (copy.Owner, copy.Backup, copy.Escalation) = (members.Count > 0 ? members[0] : copy.Owner, null, EscalationDocument.DefaultName);
        return copy;
    }

    private static LintPeople PeopleOf(BudgetDocument budget, IReadOnlyList<string> members) => new(
        members.Contains(budget.Owner, StringComparer.OrdinalIgnoreCase),
        budget.Backup is { } backup && members.Contains(backup, StringComparer.OrdinalIgnoreCase));

    private Dictionary<string, LintAsks> AsksOf(int workspaceId, WorkspacePolicy policy)
    {
        var (board, book, now) = (boards[workspaceId], boards.EnforcementOf(workspaceId), time.GetUtcNow());
        book.TakeBlocked();
        var asks = new Dictionary<string, LintAsks>();
        foreach (var budget in policy.Budgets)
        {
            if (board.Find(budget.Id) is { } running)
            {
                var all = book.ReadEndpoints(budget.Id, running.WindowAt(now).Start).Aggregate(default(Enforcement), (sum, each) => sum + each.Total);
                asks[budget.Id] = new LintAsks(all.Spent, all.AskedShare, all.ObeyedShare, all.WhileBlocked);
            }
        }

        return asks;
    }
}
