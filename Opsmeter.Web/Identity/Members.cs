using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>The people of a workspace.</summary>
public sealed class Members(IDbContextFactory<OpsmeterDb> databases, IServiceScopeFactory scopes, MemberRoll roll, MemberSessions sessions, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _first = new(1, 1);
    private volatile bool _any;

    /// <inheritdoc />
    public void Dispose() => _first.Dispose();

    /// <summary>True once anybody can sign in.</summary>
    public async Task<bool> AnyAsync()
    {
        if (!_any)
        {
            await using var db = await databases.CreateDbContextAsync();
            _any = await db.Memberships.AnyAsync();
        }

        return _any;
    }

    /// <summary>Makes the first admin; nobody can be made so once there is one.</summary>
    /// <returns>What is wrong, by field (<c>email</c>, <c>password</c>); empty when the admin was made.</returns>
    public async Task<IReadOnlyDictionary<string, string[]>> CreateFirstAsync(string email, string password, string actor)
    {
        await _first.WaitAsync();
        try
        {
            return await AnyAsync()
                ? Wrong("email", "There is an admin already. Sign in instead.")
                : await CreateAsync(Store.WorkspaceId, email, password, Role.Admin, actor);
        }
        finally
        {
            _first.Release();
        }
    }

    /// <summary>Makes a member.</summary>
    /// <returns>What is wrong, by field (<c>email</c>, <c>password</c>); empty when the member was made.</returns>
    public async Task<IReadOnlyDictionary<string, string[]>> CreateAsync(
        int workspaceId, string email, string password, Role role, string actor)
    {
        email = email.Trim();
        if (!IsEmail(email))
        {
            return Wrong("email", "Write an e-mail address, such as lead@example.com.");
        }

        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<MemberRow>>();
        var db = scope.ServiceProvider.GetRequiredService<OpsmeterDb>();
        var member = new MemberRow { UserName = email, Email = email, EmailConfirmed = true };

        // Beside the member, so that one cannot be stored without the other.
        db.Memberships.Add(new MembershipRow { WorkspaceId = workspaceId, MemberId = member.Id, Role = role.ToString() });
        db.Audit.Add(new AuditRow
        {
            WorkspaceId = workspaceId, AtTicks = time.GetUtcNow().UtcTicks, Actor = actor, Action = "member.create",
            Target = email, After = $"{{\"role\":\"{role}\"}}",
        });
        var wrong = Read(await users.CreateAsync(member, password));
        if (wrong.Count == 0)
        {
            await roll.ReloadAsync();
        }

        return wrong;
    }

    /// <summary>True for what can be an e-mail address; whether it is one, mail alone tells.</summary>
    public static bool IsEmail(string email) =>
        email.Length is >= 3 and <= 254 && email.IndexOf('@') >= 1 && email.IndexOf('@') == email.LastIndexOf('@') && !email.EndsWith('@')
        && !email.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is '<' or '>' or '"' or ',' or ';');

    /// <summary>True where somebody has this address, as an e-mail that signs in.</summary>
    public async Task<bool> IsKnownAsync(string email)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UserManager<MemberRow>>().FindByEmailAsync(email) is not null;
    }

    /// <summary>Accepts an invitation for somebody who is no member of any workspace yet.</summary>
    /// <returns>What is wrong, by field; empty when the member was made.</returns>
    public Task<IReadOnlyDictionary<string, string[]>> JoinAsync(AccountLink invitation, string password) => UseAsync(invitation, async (users, db) =>
    {
        var member = new MemberRow { UserName = invitation.Email, Email = invitation.Email, EmailConfirmed = true };
        Enrol(db, invitation, member.Id);
        return await users.CreateAsync(member, password);
    });

    /// <summary>Accepts an invitation for the member that it is for.</summary>
    /// <returns>What is wrong, by field; empty when they are in.</returns>
    public Task<IReadOnlyDictionary<string, string[]>> JoinAsync(AccountLink invitation, Visitor visitor) => UseAsync(invitation, async (users, db) =>
    {
        if (!visitor.Email.Equals(invitation.Email, StringComparison.OrdinalIgnoreCase))
        {
            return IdentityResult.Failed(new IdentityError { Code = "Email", Description = $"The invitation is for {invitation.Email}: sign in as them." });
        }

        if (await db.Memberships.AnyAsync(row => row.WorkspaceId == invitation.WorkspaceId && row.MemberId == visitor.MemberId))
        {
            return IdentityResult.Success;
        }

        Enrol(db, invitation, visitor.MemberId);
        await db.SaveChangesAsync();
        return IdentityResult.Success;
    });

    /// <summary>Sets a new password by a link, and signs its member out everywhere.</summary>
    /// <returns>What is wrong, by field; empty when it was set.</returns>
    public async Task<IReadOnlyDictionary<string, string[]>> SetPasswordAsync(AccountLink link, string password)
    {
        string? memberId = null;
        var wrong = await UseAsync(link, async (users, db) =>
        {
            if (await users.FindByEmailAsync(link.Email) is not { } member)
            {
                return IdentityResult.Failed(new IdentityError { Code = "Email", Description = "This member is no longer here." });
            }

            memberId = member.Id;
            db.Audit.Add(new AuditRow
            {
                WorkspaceId = link.WorkspaceId, AtTicks = time.GetUtcNow().UtcTicks, Actor = link.Email, Action = "member.password-set", Target = link.Email,
            });
            await users.RemovePasswordAsync(member);
            await users.SetLockoutEndDateAsync(member, null);
            return await users.AddPasswordAsync(member, password);
        });
        if (wrong.Count == 0)
        {
            await sessions.CloseAllAsync(memberId!);
        }

        return wrong;
    }

    /// <summary>Changes a member's own password; their other sessions end.</summary>
    /// <returns>What is wrong, by field (<c>current</c>, <c>password</c>); empty when it was changed.</returns>
    public async Task<IReadOnlyDictionary<string, string[]>> ChangePasswordAsync(Visitor visitor, string current, string password)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<MemberRow>>();
        if (!visitor.Can(Permission.View) || await users.FindByIdAsync(visitor.MemberId) is not { } member)
        {
            return Wrong("current", "Sign in again.");
        }

        if (await users.IsLockedOutAsync(member) || (member.PasswordHash is not null && !await users.CheckPasswordAsync(member, current)))
        {
            await users.AccessFailedAsync(member);
            return Wrong("current", "This is not your password.");
        }

        var db = scope.ServiceProvider.GetRequiredService<OpsmeterDb>();
        db.Audit.Add(new AuditRow
        {
            WorkspaceId = visitor.WorkspaceId, AtTicks = time.GetUtcNow().UtcTicks, Actor = visitor.Email, Action = "member.password-set", Target = visitor.Email,
        });
        var wrong = Read(member.PasswordHash is null ? await users.AddPasswordAsync(member, password) : await users.ChangePasswordAsync(member, current, password));
        if (wrong.Count == 0)
        {
            await sessions.CloseAllAsync(visitor.MemberId, visitor.SessionId);
        }

        return wrong;
    }

    private async Task<IReadOnlyDictionary<string, string[]>> UseAsync(AccountLink link, Func<UserManager<MemberRow>, OpsmeterDb, Task<IdentityResult>> use)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<MemberRow>>();
        var db = scope.ServiceProvider.GetRequiredService<OpsmeterDb>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (!await AccountLinks.UseAsync(db, link.Id, time.GetUtcNow()))
        {
            return Wrong("link", "This link was used already, or is no longer good.");
        }

        var wrong = Read(await use(users, db));
        if (wrong.Count == 0)
        {
            await transaction.CommitAsync();
            await roll.ReloadAsync();
        }

        return wrong;
    }

    private void Enrol(OpsmeterDb db, AccountLink invitation, string memberId)
    {
        db.Memberships.Add(new MembershipRow { WorkspaceId = invitation.WorkspaceId, MemberId = memberId, Role = invitation.Role.ToString() });
        db.Audit.Add(new AuditRow
        {
            WorkspaceId = invitation.WorkspaceId, AtTicks = time.GetUtcNow().UtcTicks, Actor = invitation.Email, Action = "member.join", Target = invitation.Email,
            After = $"{{\"role\":\"{invitation.Role}\"}}",
        });
    }

    private static Dictionary<string, string[]> Read(IdentityResult result) =>
        result.Errors.GroupBy(error => error.Code.StartsWith("Password", StringComparison.Ordinal) ? "password" : "email")
            .ToDictionary(group => group.Key, group => group.Select(error => error.Description).ToArray());

    private static Dictionary<string, string[]> Wrong(string field, string message) => new() { [field] = [message] };
}
