using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>What names a member in the policy, and handing it over to another before they leave: a budget is never without an owner.</summary>
public sealed class Successions(IDbContextFactory<OpsmeterDb> databases, LedgerWriter writer)
{
    /// <summary>What names a member, in words: budgets, tiers and escalations.</summary>
    public async Task<IReadOnlyList<string>> NamingAsync(int workspaceId, string email)
    {
        await using var db = await databases.CreateDbContextAsync();
        return Naming(db, workspaceId, email);
    }

    /// <summary>Puts another member in the place of one, everywhere at once.</summary>
    /// <returns>What stands against it, or null.</returns>
    public async Task<string?> HandOverAsync(Visitor by, string from, string to)
    {
        ArgumentNullException.ThrowIfNull(by);
        return !by.Can(Permission.ManageMembers) ? "Only an admin of this workspace may do this." : await writer.EditAsync(by.WorkspaceId, (db, now) =>
        {
            if (from.Equals(to, StringComparison.OrdinalIgnoreCase) || !PolicyStore.MemberEmails(db, by.WorkspaceId).Contains(to, StringComparer.OrdinalIgnoreCase))
            {
                return new PolicyEdit<string?>("Choose another member of this workspace.", IsChanged: false, []);
            }

            HandOver(db, by, from, to, now);
            return new PolicyEdit<string?>(null, IsChanged: true, []);
        });
    }

    internal static IReadOnlyList<string> Naming(OpsmeterDb db, int workspaceId, string email) =>
    [
        .. db.Budgets.AsNoTracking().Where(row => row.WorkspaceId == workspaceId).ToArray().Select(row => PolicyStore.Read<BudgetDocument>(row.Document))
            .Where(budget => Is(budget.Owner, email) || Is(budget.Backup, email)).Select(budget => $"the budget {budget.Name}"),
        .. db.Tiers.AsNoTracking().Where(row => row.WorkspaceId == workspaceId).ToArray().Select(row => PolicyStore.Read<TierDocument>(row.Document))
            .Where(tier => Is(tier.Owner, email)).Select(tier => $"the tier of {tier.Pattern}"),
        .. db.Escalations.AsNoTracking().Where(row => row.WorkspaceId == workspaceId).ToArray().Select(row => PolicyStore.Read<EscalationDocument>(row.Document))
            .Where(escalation => escalation.Steps.Concat(escalation.FastSteps).Any(step => Is(step.Notify, email))).Select(escalation => $"the escalation {escalation.Name}"),
    ];

    private static void HandOver(OpsmeterDb db, Visitor by, string from, string to, DateTimeOffset now)
    {
        foreach (var row in db.Budgets.Where(row => row.WorkspaceId == by.WorkspaceId).ToArray())
        {
            var before = PolicyStore.Read<BudgetDocument>(row.Document);
            var owner = Is(before.Owner, from) ? to : before.Owner;
            var backup = Is(before.Backup, from) ? (Is(owner, to) ? null : to) : Is(before.Backup, owner) ? null : before.Backup;
            if (owner != before.Owner || backup != before.Backup)
            {
                var after = PolicyStore.Write(before with { Owner = owner, Backup = backup });
                db.Audit(by.WorkspaceId, now, by.Email, "budget.hand-over", row.Id, row.Document, after);
                (row.Document, row.Version) = (after, row.Version + 1);
            }
        }

        foreach (var row in db.Tiers.Where(row => row.WorkspaceId == by.WorkspaceId).ToArray())
        {
            var before = PolicyStore.Read<TierDocument>(row.Document);
            if (Is(before.Owner, from))
            {
                var after = PolicyStore.Write(before with { Owner = to });
                db.Audit(by.WorkspaceId, now, by.Email, "tier.hand-over", row.Id, row.Document, after);
                (row.Document, row.Version) = (after, row.Version + 1);
            }
        }

        foreach (var row in db.Escalations.Where(row => row.WorkspaceId == by.WorkspaceId).ToArray())
        {
            var before = PolicyStore.Read<EscalationDocument>(row.Document);
            var after = PolicyStore.Write(before with { Steps = Instead(before.Steps, from, to), FastSteps = Instead(before.FastSteps, from, to) });
            if (after != PolicyStore.Write(before))
            {
                db.Audit(by.WorkspaceId, now, by.Email, "escalation.hand-over", row.Id, row.Document, after);
                (row.Document, row.Version) = (after, row.Version + 1);
            }
        }
    }

    private static IReadOnlyList<EscalationStepDocument> Instead(IReadOnlyList<EscalationStepDocument> steps, string from, string to) =>
        [.. steps.Select(step => Is(step.Notify, from) ? step with { Notify = to } : step)];

    private static bool Is(string? one, string? other) => one is not null && one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
