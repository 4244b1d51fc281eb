using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>Links that let somebody in once: invitations and new passwords. Only a hash of each is kept, as of a key.</summary>
public sealed class AccountLinks(IDbContextFactory<OpsmeterDb> databases, TimeProvider time)
{
    /// <summary>How long an invitation is good for.</summary>
    public static readonly TimeSpan InvitationKept = TimeSpan.FromDays(7);

    /// <summary>How long a link for a new password is good for.</summary>
    public static readonly TimeSpan PasswordKept = TimeSpan.FromHours(2);

    private const int MostOpen = 200;
    private const int SecretLength = 40;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Makes a link; earlier ones of the same kind for the same person are good for nothing from then on.</summary>
    /// <returns>Its secret, which is shown this once; null where too many are open.</returns>
    public async Task<string?> CreateAsync(int workspaceId, AccountLinkKind kind, string email, Role role, string actor)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync();
        var name = kind.ToString();
        if (await Open(db, now).CountAsync(row => row.WorkspaceId == workspaceId) >= MostOpen)
        {
            return null;
        }

        var earlier = (await Open(db, now).Where(row => row.WorkspaceId == workspaceId && row.Kind == name).ToArrayAsync())
            .Where(row => row.Email.Equals(email, StringComparison.OrdinalIgnoreCase));
        foreach (var row in earlier)
        {
            row.WithdrawnTicks = now.UtcTicks;
        }

        var secret = RandomNumberGenerator.GetString(Alphabet, SecretLength);
        db.AccountLinks.Add(new AccountLinkRow
        {
            Kind = name, WorkspaceId = workspaceId, Email = email, Role = role.ToString(), Hash = HashOf(secret), CreatedTicks = now.UtcTicks, CreatedBy = actor,
            ExpiresTicks = (now + (kind == AccountLinkKind.Invitation ? InvitationKept : PasswordKept)).UtcTicks,
        });
        db.Audit.Add(new AuditRow
        {
            WorkspaceId = workspaceId, AtTicks = now.UtcTicks, Actor = actor, Target = email,
            Action = kind == AccountLinkKind.Invitation ? "member.invite" : "member.password-link",
            After = kind == AccountLinkKind.Invitation ? $"{{\"role\":\"{role}\"}}" : null,
        });
        await db.SaveChangesAsync();
        return secret;
    }

    /// <summary>What a secret is good for; null where it is not, or no longer.</summary>
    public async Task<AccountLink?> FindAsync(string? secret)
    {
        if (secret is not { Length: SecretLength })
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync();
        var hash = HashOf(secret);
        return await Open(db, time.GetUtcNow()).AsNoTracking().SingleOrDefaultAsync(row => row.Hash == hash) is { } row ? Of(row) : null;
    }

    /// <summary>A workspace's open invitations, the newest first.</summary>
    public async Task<IReadOnlyList<AccountLink>> InvitationsAsync(int workspaceId)
    {
        await using var db = await databases.CreateDbContextAsync();
        var kind = nameof(AccountLinkKind.Invitation);
        var rows = await Open(db, time.GetUtcNow()).AsNoTracking().Where(row => row.WorkspaceId == workspaceId && row.Kind == kind)
            .OrderByDescending(row => row.Id).ToArrayAsync();
        return [.. rows.Select(Of)];
    }

    /// <summary>Takes an invitation back.</summary>
    /// <returns>False where there is none that is open.</returns>
    public async Task<bool> WithdrawAsync(int workspaceId, int id, string actor)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync();
        if (await Open(db, now).SingleOrDefaultAsync(row => row.WorkspaceId == workspaceId && row.Id == id) is not { } row)
        {
            return false;
        }

        row.WithdrawnTicks = now.UtcTicks;
        db.Audit.Add(new AuditRow { WorkspaceId = workspaceId, AtTicks = now.UtcTicks, Actor = actor, Action = "member.invite-withdraw", Target = row.Email });
        await db.SaveChangesAsync();
        return true;
    }

    /// <summary>Uses a link up, in the transaction of what it is used for.</summary>
    /// <returns>False where somebody was faster.</returns>
    internal static async Task<bool> UseAsync(OpsmeterDb db, int id, DateTimeOffset now) =>
        await Open(db, now).Where(row => row.Id == id).ExecuteUpdateAsync(update => update.SetProperty(row => row.UsedTicks, now.UtcTicks)) == 1;

    private static IQueryable<AccountLinkRow> Open(OpsmeterDb db, DateTimeOffset now)
    {
        var ticks = now.UtcTicks;
        return db.AccountLinks.Where(row => row.UsedTicks == null && row.WithdrawnTicks == null && row.ExpiresTicks > ticks);
    }

    private static AccountLink Of(AccountLinkRow row) => new(
        row.Id, Enum.Parse<AccountLinkKind>(row.Kind), row.WorkspaceId, row.Email, Enum.Parse<Role>(row.Role), row.CreatedBy, new DateTimeOffset(row.ExpiresTicks, TimeSpan.Zero));

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
