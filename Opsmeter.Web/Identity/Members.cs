using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>The people of a workspace.</summary>
public sealed class Members(IDbContextFactory<OpsmeterDb> databases, IServiceScopeFactory scopes, TimeProvider time) : IDisposable
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
        if (email.Length is < 3 or > 254 || email.IndexOf('@') < 1 || email.EndsWith('@') || email.Any(char.IsWhiteSpace))
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
        var result = await users.CreateAsync(member, password);
        return result.Errors.GroupBy(error => error.Code.StartsWith("Password", StringComparison.Ordinal) ? "password" : "email")
            .ToDictionary(group => group.Key, group => group.Select(error => error.Description).ToArray());
    }

    private static Dictionary<string, string[]> Wrong(string field, string message) => new() { [field] = [message] };
}
