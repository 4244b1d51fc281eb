using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>
/// What admins do with members of their workspace. Each asks the roll whether the visitor may, now; each is in force, on
/// pages that are open too, when it returns.
/// </summary>
public sealed class MemberRoles(IDbContextFactory<OpsmeterDb> databases, IServiceScopeFactory scopes, MemberRoll roll, AccountLinks links, TimeProvider time)
{
    private const string NotAllowed = "Only an admin of this workspace may do this.";
    private const string Gone = "This member is no longer here.";
    private const string LastAdmin = "This is the last admin. Make somebody else an admin first.";

    /// <summary>The members, by e-mail.</summary>
    public async Task<IReadOnlyList<MemberItem>> ListAsync(int workspaceId)
    {
        await using var db = await databases.CreateDbContextAsync();
        var rows = await db.Memberships.AsNoTracking().Where(row => row.WorkspaceId == workspaceId)
            .Join(db.Users, row => row.MemberId, member => member.Id, (row, member) => new
            {
                member.Id, member.Email, row.Role, row.SuspendedTicks, member.TwoFactorEnabled,
                Passkeys = db.UserPasskeys.Count(key => key.UserId == member.Id),
                Seen = db.Sessions.Where(session => session.MemberId == member.Id).Max(session => (long?)session.SeenTicks),
            }).ToArrayAsync();
        return
        [
            .. rows.Select(row => new MemberItem
            {
                Id = row.Id, Email = row.Email ?? "", Role = Enum.Parse<Role>(row.Role), IsSuspended = row.SuspendedTicks is not null, HasCode = row.TwoFactorEnabled,
                Passkeys = row.Passkeys, SeenAt = row.Seen is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
            }).OrderBy(item => item.Email, StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>Gives a member another role.</summary>
    /// <returns>What stands against it, or null.</returns>
    public Task<string?> ChangeAsync(Visitor by, string memberId, Role role) => EditAsync(by, memberId, "member.role", (db, row) =>
    {
        var before = row.Role;
        row.Role = role.ToString();
        return ($"{{\"role\":\"{before}\"}}", $"{{\"role\":\"{role}\"}}");
    });

    /// <summary>Keeps a member out for now, or lets them in again.</summary>
    /// <returns>What stands against it, or null.</returns>
    public Task<string?> SuspendAsync(Visitor by, string memberId, bool suspend) => EditAsync(by, memberId, suspend ? "member.suspend" : "member.resume", (db, row) =>
    {
        row.SuspendedTicks = suspend ? time.GetUtcNow().UtcTicks : null;
        return (null, null);
    });

    /// <summary>Takes a member out of the workspace. What they own is handed over before.</summary>
    /// <returns>What stands against it, or null.</returns>
    public Task<string?> RemoveAsync(Visitor by, string memberId) => EditAsync(by, memberId, "member.remove", (db, row) =>
    {
        db.Memberships.Remove(row);
        return ($"{{\"role\":\"{row.Role}\"}}", null);
    });

    /// <summary>Makes a link by which a member sets a new password.</summary>
    /// <returns>The link's secret, or what stands against it.</returns>
    public async Task<(string? Secret, string? Wrong)> NewPasswordAsync(Visitor by, string memberId)
    {
        await using var db = await databases.CreateDbContextAsync();
        return await RefusedAsync(db, by, memberId, everywhere: true) is { } wrong ? (null, wrong)
            : await db.Users.Where(row => row.Id == memberId).Select(row => row.Email).SingleOrDefaultAsync() is not { } email ? (null, Gone)
            : await links.CreateAsync(by.WorkspaceId, AccountLinkKind.NewPassword, email, Role.Viewer, by.Email) is { } secret ? (secret, null)
            : (null, "Too many links are open. They end by themselves within two hours.");
    }

    /// <summary>Takes the second factor off a member who lost it, and signs them out.</summary>
    /// <returns>What stands against it, or null.</returns>
    public async Task<string?> ForgetCodeAsync(Visitor by, string memberId)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<MemberRow>>();
        var db = scope.ServiceProvider.GetRequiredService<OpsmeterDb>();
        if (await RefusedAsync(db, by, memberId, everywhere: true) is { } wrong)
        {
            return wrong;
        }

        if (await users.FindByIdAsync(memberId) is not { } member)
        {
            return Gone;
        }

        db.Audit.Add(Audit(by, "member.code-remove", member.Email!, null, null));
        await users.SetTwoFactorEnabledAsync(member, enabled: false);
        await users.RemoveAuthenticationTokenAsync(member, "[AspNetUserStore]", "AuthenticatorKey");
        await db.Sessions.Where(row => row.MemberId == memberId).ExecuteDeleteAsync();
        await db.SaveChangesAsync();
        await roll.ReloadAsync();
        return null;
    }

    private async Task<string?> EditAsync(Visitor by, string memberId, string action, Func<OpsmeterDb, MembershipRow, (string? Before, string? After)> edit)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (await RefusedAsync(db, by, memberId, everywhere: false) is { } wrong)
        {
            return wrong;
        }

        var row = await db.Memberships.SingleAsync(row => row.WorkspaceId == by.WorkspaceId && row.MemberId == memberId);
        var email = await db.Users.Where(member => member.Id == memberId).Select(member => member.Email).SingleAsync();
        var (before, after) = edit(db, row);
        db.Audit.Add(Audit(by, action, email ?? "", before, after));
        await db.SaveChangesAsync();
        var admin = nameof(Role.Admin);
        if (!await db.Memberships.AnyAsync(other => other.WorkspaceId == by.WorkspaceId && other.Role == admin && other.SuspendedTicks == null))
        {
            return LastAdmin;
        }

        await transaction.CommitAsync();
        await roll.ReloadAsync();
        return null;
    }

    // An admin of one workspace must not get into another through somebody who is in both.
    private static async Task<string?> RefusedAsync(OpsmeterDb db, Visitor by, string memberId, bool everywhere)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (!by.Can(Permission.ManageMembers))
        {
            return NotAllowed;
        }

        var workspaces = await db.Memberships.Where(row => row.MemberId == memberId).Select(row => row.WorkspaceId).ToArrayAsync();
        if (!workspaces.Contains(by.WorkspaceId))
        {
            return Gone;
        }

        var admin = nameof(Role.Admin);
        var administered = await db.Memberships.Where(row => row.MemberId == by.MemberId && row.Role == admin && row.SuspendedTicks == null)
            .Select(row => row.WorkspaceId).ToArrayAsync();
        return everywhere && workspaces.Except(administered).Any()
            ? "This member is in another workspace too, which you are no admin of. They can set a new password by mail, or an admin of all their workspaces can help."
            : null;
    }

    private AuditRow Audit(Visitor by, string action, string target, string? before, string? after) => new()
    {
        WorkspaceId = by.WorkspaceId, AtTicks = time.GetUtcNow().UtcTicks, Actor = by.Email, Action = action, Target = target, Before = before, After = after,
    };
}
