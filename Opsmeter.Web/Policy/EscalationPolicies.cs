using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>The escalations of a workspace, for the API and the pages. The one named <c>default</c> always exists.</summary>
public sealed class EscalationPolicies(IDbContextFactory<OpsmeterDb> databases, LedgerWriter writer)
{
    private const int MostEscalations = 100;

    /// <summary>The escalations, the default first, then by name.</summary>
    public async Task<IReadOnlyList<Versioned<EscalationDocument>>> ListAsync(int workspaceId)
    {
        await using var db = await databases.CreateDbContextAsync();
        return List(db, workspaceId);
    }

    /// <summary>One escalation, or null.</summary>
    public async Task<Versioned<EscalationDocument>?> FindAsync(int workspaceId, string id) =>
        (await ListAsync(workspaceId)).FirstOrDefault(item => item.Document.Id == id);

    /// <summary>Who can be named in a step beside the owner and the backup: channels and members.</summary>
    public async Task<(IReadOnlyList<string> Members, IReadOnlyList<string> Channels)> ReceiversAsync(int workspaceId)
    {
        await using var db = await databases.CreateDbContextAsync();
        return (PolicyStore.MemberEmails(db, workspaceId), PolicyStore.ChannelNames(db, workspaceId));
    }

    /// <summary>Makes an escalation.</summary>
    public Task<PolicyResult<EscalationDocument>> CreateAsync(int workspaceId, EscalationDraft draft, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            var (escalation, errors) = Check(db, workspaceId, draft, PolicyStore.NewId("esc_"));
            if (escalation is null)
            {
                return PolicyStore.Refuse<EscalationDocument>(new PolicyResult<EscalationDocument>.Invalid(errors));
            }

            if (IsTaken(db, workspaceId, escalation))
            {
                return PolicyStore.Refuse(Taken("Write another name: an escalation of this workspace has this one."));
            }

            if (db.Escalations.Count(row => row.WorkspaceId == workspaceId) >= MostEscalations)
            {
                return PolicyStore.Refuse(Taken($"Delete one first: a workspace has at most {MostEscalations} escalations."));
            }

            Add(db, workspaceId, escalation, now);
            db.Audit(workspaceId, now, actor, "escalation.create", escalation.Id, null, PolicyStore.Write(escalation));
            return PolicyStore.Keep(escalation, 1, []);
        });

    /// <summary>Replaces an escalation whole; with a version, only while that is its version. Steps that wait stay as they were.</summary>
    public Task<PolicyResult<EscalationDocument>> ReplaceAsync(int workspaceId, string id, EscalationDraft draft, int? version, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            if (Find(db, workspaceId, id, version, out var current) is { } refused)
            {
                return PolicyStore.Refuse(refused);
            }

            var (escalation, errors) = Check(db, workspaceId, draft, id);
            if (escalation is null)
            {
                return PolicyStore.Refuse<EscalationDocument>(new PolicyResult<EscalationDocument>.Invalid(errors));
            }

            var before = current!.Document;
            if (escalation.Name != before.Name && (before.Name == EscalationDocument.DefaultName || Use(db, workspaceId, before.Name) is not null))
            {
                return PolicyStore.Refuse(Taken(before.Name == EscalationDocument.DefaultName ? "Leave the name: an escalation named default always exists." : "Leave the name while budgets have it."));
            }

            if (IsTaken(db, workspaceId, escalation))
            {
                return PolicyStore.Refuse(Taken("Write another name: an escalation of this workspace has this one."));
            }

            var row = db.Escalations.SingleOrDefault(row => row.WorkspaceId == workspaceId && row.Id == id) ?? Add(db, workspaceId, before, now);
            db.Audit(workspaceId, now, actor, "escalation.replace", id, PolicyStore.Write(before), PolicyStore.Write(escalation));
            (row.Name, row.Document, row.UpdatedTicks, row.Version) = (escalation.Name, PolicyStore.Write(escalation), now.UtcTicks, current.Version + 1);
            return PolicyStore.Keep(escalation, row.Version, []);
        });

    /// <summary>Deletes an escalation that no budget names.</summary>
    public Task<PolicyResult<EscalationDocument>> DeleteAsync(int workspaceId, string id, int? version, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            if (Find(db, workspaceId, id, version, out var current) is { } refused)
            {
                return PolicyStore.Refuse(refused);
            }

            var document = current!.Document;
            if (document.Name == EscalationDocument.DefaultName)
            {
                return PolicyStore.Refuse(Taken("Keep it: an escalation named default always exists."));
            }

            if (Use(db, workspaceId, document.Name) is { } use)
            {
                return PolicyStore.Refuse(Taken($"Give the budget {use} another escalation first."));
            }

            db.Escalations.Remove(db.Escalations.Single(row => row.WorkspaceId == workspaceId && row.Id == id));
            db.Audit(workspaceId, now, actor, "escalation.delete", id, PolicyStore.Write(document), null);
            return PolicyStore.Keep(document, current.Version, []);
        });

    /// <summary>Writes one that was checked, or removes it.</summary>
    internal static void Put(OpsmeterDb db, int workspaceId, EscalationDocument? before, EscalationDocument? after, DateTimeOffset now, string actor)
    {
        var id = (after ?? before)!.Id;
        var row = db.Escalations.SingleOrDefault(row => row.WorkspaceId == workspaceId && row.Id == id);
        var action = after is null ? "delete" : before is null ? "create" : "replace";
        db.Audit(workspaceId, now, actor, "escalation." + action, id, before is null ? null : PolicyStore.Write(before), after is null ? null : PolicyStore.Write(after));
        if (after is null)
        {
            if (row is not null)
            {
                db.Escalations.Remove(row);
            }

            return;
        }

        row ??= Add(db, workspaceId, before ?? after, now);
        (row.Name, row.Document, row.UpdatedTicks, row.Version) = (after.Name, PolicyStore.Write(after), now.UtcTicks, before is null ? 1 : row.Version + 1);
    }

    /// <summary>All escalations of a workspace.</summary>
    internal static IReadOnlyList<Versioned<EscalationDocument>> List(OpsmeterDb db, int workspaceId)
    {
        var rows = db.Escalations.AsNoTracking().Where(row => row.WorkspaceId == workspaceId).ToArray()
            .Select(row => new Versioned<EscalationDocument>(PolicyStore.Read<EscalationDocument>(row.Document), row.Version)).ToList();
        if (!rows.Exists(row => row.Document.Name == EscalationDocument.DefaultName))
        {
            rows.Add(new Versioned<EscalationDocument>(EscalationDocument.Default, 1));
        }

        return [.. rows.OrderBy(row => row.Document.Name != EscalationDocument.DefaultName).ThenBy(row => row.Document.Name, StringComparer.OrdinalIgnoreCase)];
    }

    private static (EscalationDocument? Escalation, IReadOnlyDictionary<string, string[]> Errors) Check(OpsmeterDb db, int workspaceId, EscalationDraft draft, string id) =>
        EscalationRules.Check(draft, PolicyStore.MemberEmails(db, workspaceId), PolicyStore.ChannelNames(db, workspaceId), id);

    private static EscalationRow Add(OpsmeterDb db, int workspaceId, EscalationDocument escalation, DateTimeOffset now)
    {
        var row = new EscalationRow
        {
            Id = escalation.Id, WorkspaceId = workspaceId, Name = escalation.Name, Document = PolicyStore.Write(escalation), Version = 1,
            CreatedTicks = now.UtcTicks, UpdatedTicks = now.UtcTicks,
        };
        db.Escalations.Add(row);
        return row;
    }

    private static PolicyResult<EscalationDocument>? Find(OpsmeterDb db, int workspaceId, string id, int? version, out Versioned<EscalationDocument>? current)
    {
        current = List(db, workspaceId).FirstOrDefault(item => item.Document.Id == id);
        return current is null ? new PolicyResult<EscalationDocument>.Missing()
            : version is { } expected && expected != current.Version ? new PolicyResult<EscalationDocument>.ChangedSince(current)
            : null;
    }

    private static string? Use(OpsmeterDb db, int workspaceId, string name) => db.Budgets.Where(row => row.WorkspaceId == workspaceId).ToArray()
        .FirstOrDefault(row => PolicyStore.Read<BudgetDocument>(row.Document).Escalation == name)?.Name;

    private static bool IsTaken(OpsmeterDb db, int workspaceId, EscalationDocument escalation) =>
        List(db, workspaceId).Any(item => item.Document.Name == escalation.Name && item.Document.Id != escalation.Id);

    private static PolicyResult<EscalationDocument> Taken(string message) => new PolicyResult<EscalationDocument>.Taken("name", message);
}
