using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Operating;

/// <summary>Backups that somebody asks for; the audit log says who.</summary>
public sealed class BackupRuns(Backups backups, LedgerWriter writer)
{
    /// <summary>Makes one for a member who may.</summary>
    /// <exception cref="NotAllowedException">They may not, any more.</exception>
    /// <exception cref="BackupException">It could not be made.</exception>
    public Task<BackupItem> MakeAsync(Visitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return MakeAsync(visitor.WorkspaceId, visitor.ActorFor(Permission.ManageSettings));
    }

    /// <summary>Makes one.</summary>
    /// <exception cref="BackupException">It could not be made.</exception>
    public async Task<BackupItem> MakeAsync(int workspaceId, string actor)
    {
        var item = await backups.MakeAsync();
        await writer.EditAsync(workspaceId, (db, now) =>
        {
            db.Audit.Add(new AuditRow { WorkspaceId = workspaceId, AtTicks = now.UtcTicks, Actor = actor, Action = "backup.create", Target = item.Name });
            return new PolicyEdit<bool>(true, IsChanged: true, Budgets: []);
        });
        return item;
    }
}
