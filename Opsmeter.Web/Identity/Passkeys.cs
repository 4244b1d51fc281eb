using System.Buffers.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>A member's passkeys.</summary>
public sealed class Passkeys(IServiceScopeFactory scopes, IDbContextFactory<OpsmeterDb> databases, TimeProvider time)
{
    /// <summary>The longest name.</summary>
    public const int LongestName = 60;

    private const int Most = 20;

    /// <summary>The passkeys, the newest first.</summary>
    public async Task<IReadOnlyList<PasskeyItem>> ListAsync(string memberId)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<MemberRow>>();
        return await users.FindByIdAsync(memberId) is { } member
            ? [.. (await users.GetPasskeysAsync(member)).OrderByDescending(key => key.CreatedAt).Select(key => new PasskeyItem(Base64Url.EncodeToString(key.CredentialId), key.Name ?? "Passkey", key.CreatedAt))]
            : [];
    }

    /// <summary>Keeps a new one.</summary>
    /// <returns>False where the member has too many, or is gone.</returns>
    public Task<bool> AddAsync(Visitor visitor, UserPasskeyInfo passkey)
    {
        ArgumentNullException.ThrowIfNull(passkey);
        return ChangeAsync(visitor, "member.passkey-add", async (users, member) =>
        {
            var known = (await users.GetPasskeysAsync(member)).Count;
            passkey.Name = $"Passkey {known + 1}";
            return known < Most && (await users.AddOrUpdatePasskeyAsync(member, passkey)).Succeeded;
        });
    }

    /// <summary>Takes one away.</summary>
    /// <returns>False where there is none of this id.</returns>
    public Task<bool> RemoveAsync(Visitor visitor, string id) => ChangeAsync(visitor, "member.passkey-remove", async (users, member) =>
        await users.GetPasskeyAsync(member, Base64Url.DecodeFromChars(id)) is not null && (await users.RemovePasskeyAsync(member, Base64Url.DecodeFromChars(id))).Succeeded);

    /// <summary>Gives one another name.</summary>
    /// <returns>False where there is none of this id.</returns>
    public Task<bool> RenameAsync(Visitor visitor, string id, string name) => ChangeAsync(visitor, "member.passkey-rename", async (users, member) =>
    {
        if (await users.GetPasskeyAsync(member, Base64Url.DecodeFromChars(id)) is not { } passkey)
        {
            return false;
        }

        passkey.Name = name.Length > LongestName ? name[..LongestName] : name;
        return (await users.AddOrUpdatePasskeyAsync(member, passkey)).Succeeded;
    });

    private async Task<bool> ChangeAsync(Visitor visitor, string action, Func<UserManager<MemberRow>, MemberRow, Task<bool>> change)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<MemberRow>>();
        if (!visitor.Can(Permission.View) || await users.FindByIdAsync(visitor.MemberId) is not { } member || !await change(users, member))
        {
            return false;
        }

        await using var db = await databases.CreateDbContextAsync();
        db.Audit.Add(new AuditRow
        {
            WorkspaceId = visitor.WorkspaceId, AtTicks = time.GetUtcNow().UtcTicks, Actor = visitor.Email, Action = action, Target = visitor.Email,
        });
        await db.SaveChangesAsync();
        return true;
    }
}
