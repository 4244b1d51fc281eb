using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>
/// The budgets of a workspace, for the API and the pages. A change is on disk, audited, in force and counted over its whole
/// running window when it answers; changes throw <see cref="LedgerUnavailableException"/> when the store cannot take them.
/// </summary>
public sealed class BudgetPolicies(IDbContextFactory<OpsmeterDb> databases, LedgerWriter writer, TimeProvider time)
{
    /// <summary>The budgets, by name.</summary>
    public async Task<IReadOnlyList<Versioned<BudgetDocument>>> ListAsync(int workspaceId)
    {
        await using var db = await databases.CreateDbContextAsync();
        var rows = await db.Budgets.AsNoTracking().Where(row => row.WorkspaceId == workspaceId).ToArrayAsync();
        return [.. rows.OrderBy(row => row.Name, StringComparer.OrdinalIgnoreCase).ThenBy(row => row.Id, StringComparer.Ordinal).Select(Of)];
    }

    /// <summary>One budget, or null.</summary>
    public async Task<Versioned<BudgetDocument>?> FindAsync(int workspaceId, string id)
    {
        await using var db = await databases.CreateDbContextAsync();
        var row = await db.Budgets.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == workspaceId && row.Id == id);
        return row is null ? null : Of(row);
    }

    /// <summary>Makes a budget.</summary>
    public Task<PolicyResult<BudgetDocument>> CreateAsync(int workspaceId, BudgetDraft draft, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            var (checkedBudget, errors) = BudgetRules.Check(draft, ContextOf(db, workspaceId, null, now));
            if (checkedBudget is null)
            {
                return PolicyStore.Refuse<BudgetDocument>(new PolicyResult<BudgetDocument>.Invalid(errors));
            }

            var budget = checkedBudget with { Id = PolicyStore.NewId("bud_") };
            if (IsTaken(db, workspaceId, budget))
            {
                return PolicyStore.Refuse(Taken());
            }

            Add(db, workspaceId, budget, now, actor);
            return PolicyStore.Keep(budget, 1, [budget.Id]);
        });

    /// <summary>Replaces a budget whole; with a version, only while that is its version.</summary>
    public Task<PolicyResult<BudgetDocument>> ReplaceAsync(int workspaceId, string id, BudgetDraft draft, int? version, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            if (Find(db, workspaceId, id, version, out var row) is { } refused)
            {
                return PolicyStore.Refuse(refused);
            }

            var before = Of(row!).Document;
            var (budget, errors) = BudgetRules.Check(draft, ContextOf(db, workspaceId, before, now));
            if (budget is null)
            {
                return PolicyStore.Refuse<BudgetDocument>(new PolicyResult<BudgetDocument>.Invalid(errors));
            }

            if (IsTaken(db, workspaceId, budget))
            {
                return PolicyStore.Refuse(Taken());
            }

            return Overwrite(db, row!, before, budget, now, actor);
        });

    /// <summary>Gives a budget more for a while, in place of an increase that it has, or with null takes that back.</summary>
    public Task<PolicyResult<BudgetDocument>> IncreaseAsync(int workspaceId, string id, TemporaryIncreaseDraft? increase, int? version, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            if (Find(db, workspaceId, id, version, out var row) is { } refused)
            {
                return PolicyStore.Refuse(refused);
            }

            var before = Of(row!).Document;
            if (increase is null)
            {
                return Overwrite(db, row!, before, before with { TemporaryIncrease = null }, now, actor);
            }

            var draft = BudgetDraft.Of(before);
            draft.TemporaryIncrease = increase;
            var (budget, errors) = BudgetRules.Check(draft, ContextOf(db, workspaceId, before, now));
            return budget is null
                ? PolicyStore.Refuse<BudgetDocument>(new PolicyResult<BudgetDocument>.Invalid(errors))
                : Overwrite(db, row!, before, budget, now, actor);
        });

    /// <summary>Switches a budget off and out of the way, or on again; with the reason in the audit log.</summary>
    public Task<PolicyResult<BudgetDocument>> ArchiveAsync(int workspaceId, string id, bool isArchived, string reason, int? version, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            if (Find(db, workspaceId, id, version, out var row) is { } refused)
            {
                return PolicyStore.Refuse(refused);
            }

            var before = Of(row!).Document;
            if (before.Enabled != isArchived)
            {
                return PolicyStore.Refuse<BudgetDocument>(new PolicyResult<BudgetDocument>.Saved(Of(row!)));
            }

            db.Audit(workspaceId, now, actor, isArchived ? "budget.archive" : "budget.restore", id, null, PolicyStore.Write(new { reason }));
            return Overwrite(db, row!, before, before with { Enabled = !isArchived }, now, actor);
        });

    /// <summary>Gives the money of holds back whose requests never came.</summary>
    /// <returns>How many holds that were.</returns>
    public Task<int> ReleaseUnsettledAsync(int workspaceId, string id, string? key, string reason, string actor) =>
        writer.ReleaseUnsettledAsync(workspaceId, id, key, actor, reason);

    /// <summary>Ends the block of a budget, or of one key of it.</summary>
    /// <returns>False where nothing is blocked, so that there is nothing to end.</returns>
    public Task<bool> ReleaseAsync(int workspaceId, string id, string? key, string reason, string actor) =>
        writer.ReleaseBlockAsync(workspaceId, id, key, actor, reason);

    /// <summary>Deletes a budget and what its windows counted; its transitions and its history stay.</summary>
    public Task<PolicyResult<BudgetDocument>> DeleteAsync(int workspaceId, string id, int? version, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            if (Find(db, workspaceId, id, version, out var row) is { } refused)
            {
                return PolicyStore.Refuse(refused);
            }

            Remove(db, row!, now, actor);
            return PolicyStore.Keep(Of(row!).Document, row!.Version, [id]);
        });

    /// <summary>Who can own a budget: the members' e-mails.</summary>
    public async Task<IReadOnlyList<string>> OwnersAsync(int workspaceId)
    {
        await using var db = await databases.CreateDbContextAsync();
        return PolicyStore.MemberEmails(db, workspaceId);
    }

    /// <summary>Whom a budget can name.</summary>
    public async Task<BudgetPeople> PeopleAsync(int workspaceId)
    {
        await using var db = await databases.CreateDbContextAsync();
        return new BudgetPeople(
            PolicyStore.MemberEmails(db, workspaceId), PolicyStore.ChannelNames(db, workspaceId),
            [.. EscalationPolicies.List(db, workspaceId).Select(item => item.Document.Name)]);
    }

    /// <summary>What <see cref="BudgetRules"/> have to know to check a draft while it is being written.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="id">The budget that is edited, or null for a new one.</param>
    public async Task<BudgetContext> ContextAsync(int workspaceId, string? id = null)
    {
        var before = id is null ? null : await FindAsync(workspaceId, id);
        await using var db = await databases.CreateDbContextAsync();
        return ContextOf(db, workspaceId, before?.Document, time.GetUtcNow());
    }

    /// <summary>The edits of a budget, newest first.</summary>
    public async Task<IReadOnlyList<PolicyChange>> HistoryAsync(int workspaceId, string budgetId, int most)
    {
        await using var db = await databases.CreateDbContextAsync();
        var rows = await db.Audit.AsNoTracking()
            .Where(row => row.WorkspaceId == workspaceId && row.Target == budgetId && row.Action.StartsWith("budget."))
            .OrderByDescending(row => row.Id).Take(most).ToArrayAsync();
        return [.. rows.Select(row =>
            new PolicyChange(new DateTimeOffset(row.AtTicks, TimeSpan.Zero), row.Actor, row.Action, row.Before, row.After))];
    }

    /// <summary>The changes of a budget's states, newest first.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="budgetId">The budget.</param>
    /// <param name="most">The most to read.</param>
    /// <param name="before">Only those listed after the one with this id, or null for all.</param>
    public async Task<IReadOnlyList<TransitionItem>> TransitionsAsync(int workspaceId, string budgetId, int most, long? before = null)
    {
        await using var db = await databases.CreateDbContextAsync();
        var rows = await db.Transitions.AsNoTracking()
            .Where(row => row.WorkspaceId == workspaceId && row.BudgetId == budgetId && (before == null || row.Id < before))
            .OrderByDescending(row => row.Id).Take(most).ToArrayAsync();
        return [.. rows.Select(TransitionItem.Of)];
    }

    internal static PolicyEdit<PolicyResult<BudgetDocument>> Overwrite(
        OpsmeterDb db, BudgetRow row, BudgetDocument before, BudgetDocument budget, DateTimeOffset now, string actor)
    {
        var document = PolicyStore.Write(budget);
        if (document == row.Document)
        {
            return PolicyStore.Refuse<BudgetDocument>(new PolicyResult<BudgetDocument>.Saved(Of(row)));
        }

        // While it was off nothing was counted, so what ended in that time is left alone as under another definition.
        if (!budget.CountsLike(before) || !before.Enabled)
        {
            row.CountedFromTicks = PolicyStore.RunningWindowTicks(budget, now);
        }

        db.Audit(row.WorkspaceId, now, actor, "budget.replace", row.Id, row.Document, document);
        row.Name = budget.Name;
        row.Document = document;
        row.Version++;
        row.UpdatedTicks = now.UtcTicks;
        return PolicyStore.Keep(budget, row.Version, [row.Id]);
    }

    /// <summary>Adds a budget that was checked.</summary>
    internal static void Add(OpsmeterDb db, int workspaceId, BudgetDocument budget, DateTimeOffset now, string actor)
    {
        var document = PolicyStore.Write(budget);
        db.Budgets.Add(new BudgetRow
        {
            Id = budget.Id,
            WorkspaceId = workspaceId,
            Name = budget.Name,
            Document = document,
            Version = 1,
            CountedFromTicks = PolicyStore.RunningWindowTicks(budget, now),
            CreatedTicks = now.UtcTicks,
            UpdatedTicks = now.UtcTicks,
        });
        db.Audit(workspaceId, now, actor, "budget.create", budget.Id, null, document);
    }

    /// <summary>Removes a budget and what its windows counted.</summary>
    internal static void Remove(OpsmeterDb db, BudgetRow row, DateTimeOffset now, string actor)
    {
        db.Meters.Where(meter => meter.WorkspaceId == row.WorkspaceId && meter.BudgetId == row.Id).ExecuteDelete();
        db.Budgets.Remove(row);
        db.Audit(row.WorkspaceId, now, actor, "budget.delete", row.Id, row.Document, null);
    }

    private static PolicyResult<BudgetDocument>? Find(OpsmeterDb db, int workspaceId, string id, int? version, out BudgetRow? row)
    {
        row = db.Budgets.SingleOrDefault(row => row.WorkspaceId == workspaceId && row.Id == id);
        return row is null ? new PolicyResult<BudgetDocument>.Missing()
            : version is { } expected && expected != row.Version ? new PolicyResult<BudgetDocument>.ChangedSince(Of(row))
            : null;
    }

    private static bool IsTaken(OpsmeterDb db, int workspaceId, BudgetDocument budget) =>
        db.Budgets.Any(row => row.WorkspaceId == workspaceId && row.Name == budget.Name && row.Id != budget.Id);

    private static PolicyResult<BudgetDocument> Taken() =>
        new PolicyResult<BudgetDocument>.Taken("name", "Write another name: a budget of this workspace has this one.");

    internal static BudgetContext ContextOf(OpsmeterDb db, int workspaceId, BudgetDocument? before, DateTimeOffset now)
    {
        var settings = PolicyStore.Read<SettingsDocument>(
            db.Workspaces.Where(row => row.Id == workspaceId).Select(row => row.Settings).Single());
        return new BudgetContext
        {
            TimeZone = settings.TimeZone,
            WeekStartsOn = settings.WeekStartsOn,
            MemberEmails = PolicyStore.MemberEmails(db, workspaceId),
            ChannelNames = PolicyStore.ChannelNames(db, workspaceId),
            EscalationNames = [.. EscalationPolicies.List(db, workspaceId).Select(item => item.Document.Name)],
            Now = now,
            Before = before,
        };
    }

    internal static Versioned<BudgetDocument> Of(BudgetRow row) => new(PolicyStore.Read<BudgetDocument>(row.Document), row.Version);
}
