using Microsoft.AspNetCore.Identity;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>Signs members in and out by cookie.</summary>
public sealed class SignIn(SignInManager<MemberRow> manager, IPasswordHasher<MemberRow> hasher, OpsmeterDb db, TimeProvider time)
{
    // Takes as long to compare as a real one, so that the time of an answer does not tell which addresses exist.
    private static readonly MemberRow Nobody = new();
    private static string? _nobodysHash;

    /// <summary>What became of an attempt.</summary>
    public enum Outcome
    {
        /// <summary>Signed in.</summary>
        Done,

        /// <summary>The address or the password is wrong; never which.</summary>
        Wrong,

        /// <summary>Too many attempts.</summary>
        Locked,
    }

    /// <summary>Tries to sign someone in.</summary>
    public async Task<Outcome> TryAsync(string email, string password, bool remember)
    {
        var member = await manager.UserManager.FindByEmailAsync(email.Trim());
        if (member is null)
        {
            _nobodysHash ??= hasher.HashPassword(Nobody, "nobody has this");
            hasher.VerifyHashedPassword(Nobody, _nobodysHash, password);
            return Outcome.Wrong;
        }

        var result = await manager.PasswordSignInAsync(member, password, remember, lockoutOnFailure: true);
        await AuditAsync(member.Email!, result.Succeeded ? "member.sign-in" : "member.sign-in-failed");
        return result.Succeeded ? Outcome.Done : result.IsLockedOut ? Outcome.Locked : Outcome.Wrong;
    }

    /// <summary>Signs the caller out.</summary>
    public Task LeaveAsync() => manager.SignOutAsync();

    private async Task AuditAsync(string email, string action)
    {
        db.Audit.Add(new AuditRow
        {
            WorkspaceId = Store.WorkspaceId, AtTicks = time.GetUtcNow().UtcTicks, Actor = email, Action = action, Target = email,
        });
        await db.SaveChangesAsync();
    }
}
