using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>
/// Signs members in and out by cookie: with a password and, where the member has set one up, a code; with a passkey; or by
/// a provider. What an answer says, and how long it takes, does not tell which addresses exist.
/// </summary>
public sealed class SignIn(
    SignInManager<MemberRow> manager, IPasswordHasher<MemberRow> hasher, MemberSessions sessions, AttemptLimit attempts, UsedCodes used, OpsmeterDb db,
    IHttpContextAccessor accessor, HostingOptions hosting, TimeProvider time)
{
    private const string RememberClaim = "opsmeter:remember";

    // Takes as long to compare as a real one.
    private static readonly MemberRow Nobody = new();
    private static string? _nobodysHash;

    /// <summary>What became of an attempt.</summary>
    public enum Outcome
    {
        /// <summary>Signed in.</summary>
        Done,

        /// <summary>The password is right; a code is asked for next.</summary>
        NeedsCode,

        /// <summary>Something is wrong; never what.</summary>
        Wrong,

        /// <summary>Too many were wrong from this address.</summary>
        TooMany,

        /// <summary>The way here is not encrypted.</summary>
        Unsafe,
    }

    private HttpContext Context => accessor.HttpContext ?? throw new InvalidOperationException("Signing in needs a request.");

    private UserManager<MemberRow> Members => manager.UserManager;

    /// <summary>Tries to sign someone in by password.</summary>
    public async Task<Outcome> TryAsync(string email, string password, bool remember)
    {
        if (Refused() is { } refused)
        {
            return refused;
        }

        var member = await Members.FindByEmailAsync(email.Trim());
        if (member is null || await Members.IsLockedOutAsync(member) || member.PasswordHash is null)
        {
            _nobodysHash ??= hasher.HashPassword(Nobody, "nobody has this");
            hasher.VerifyHashedPassword(Nobody, _nobodysHash, password);
            return await WrongAsync(member);
        }

        if (!(await manager.CheckPasswordSignInAsync(member, password, lockoutOnFailure: true)).Succeeded)
        {
            return await WrongAsync(member);
        }

        if (!await Members.GetTwoFactorEnabledAsync(member))
        {
            return await EnterAsync(member, remember, "password");
        }

        var halfway = new ClaimsIdentity([new Claim(ClaimTypes.Name, member.Id), new Claim(RememberClaim, remember.ToString())], IdentityConstants.TwoFactorUserIdScheme);
        await Context.SignInAsync(IdentityConstants.TwoFactorUserIdScheme, new ClaimsPrincipal(halfway));
        return Outcome.NeedsCode;
    }

    /// <summary>True after the password was right, for some minutes.</summary>
    public async Task<bool> IsHalfwayAsync() => await manager.GetTwoFactorAuthenticationUserAsync() is not null;

    /// <summary>Goes on after the password with a code of the authenticator, or one of the codes for when it is lost.</summary>
    public async Task<Outcome> FinishAsync(string code)
    {
        if (Refused() is { } refused)
        {
            return refused;
        }

        var halfway = await Context.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme);
        if (await manager.GetTwoFactorAuthenticationUserAsync() is not { } member || await Members.IsLockedOutAsync(member))
        {
            return await WrongAsync(null);
        }

        var digits = new string([.. code.Where(char.IsAsciiLetterOrDigit)]);
        var isRight = await Members.VerifyTwoFactorTokenAsync(member, TokenOptions.DefaultAuthenticatorProvider, digits)
            ? used.TryUse(member.Id, digits)
            : (await Members.RedeemTwoFactorRecoveryCodeAsync(member, code.Trim())).Succeeded;
        if (!isRight)
        {
            await Members.AccessFailedAsync(member);
            return await WrongAsync(member);
        }

        await Members.ResetAccessFailedCountAsync(member);
        await Context.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
        return await EnterAsync(member, bool.TryParse(halfway.Principal?.FindFirstValue(RememberClaim), out var remember) && remember, "password and code");
    }

    /// <summary>Signs in whoever a passkey belongs to.</summary>
    /// <param name="credential">What the browser made of the options.</param>
    public async Task<Outcome> TryPasskeyAsync(string credential)
    {
        if (Refused() is { } refused)
        {
            return refused;
        }

        var result = await manager.PerformPasskeyAssertionAsync(credential);
        if (!result.Succeeded)
        {
            return await WrongAsync(null);
        }

        // With the count of uses, which shows a copied passkey.
        await Members.AddOrUpdatePasskeyAsync(result.User, result.Passkey);
        return await EnterAsync(result.User, remember: true, "passkey");
    }

    /// <summary>Begins a session for a member who was recognised.</summary>
    /// <param name="member">The member.</param>
    /// <param name="remember">True to stay signed in when the browser closes.</param>
    /// <param name="means">How the member was recognised.</param>
    public async Task<Outcome> EnterAsync(MemberRow member, bool remember, string means)
    {
        if (await sessions.OpenAsync(member.Id, Context.Connection.RemoteIpAddress?.ToString() ?? "", Context.Request.Headers.UserAgent.ToString(), means) is not { } session)
        {
            return await WrongAsync(member);
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, member.Id), new Claim(Visitor.SessionClaim, session)], IdentityConstants.ApplicationScheme);
        await Context.SignInAsync(IdentityConstants.ApplicationScheme, new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = remember });
        await AuditAsync(member.Email!, "member.sign-in", means);
        return Outcome.Done;
    }

    /// <summary>Signs the caller out here.</summary>
    public async Task LeaveAsync()
    {
        if (Visitor.Of(Context.User) is { SessionId: { } session } visitor)
        {
            await sessions.CloseAsync(visitor.MemberId, session);
        }

        await Context.SignOutAsync(IdentityConstants.ApplicationScheme);
    }

    private Outcome? Refused() =>
        !hosting.IsSafe(Context) ? Outcome.Unsafe
        : !attempts.MayTry(Context) ? Outcome.TooMany
        : null;

    private async Task<Outcome> WrongAsync(MemberRow? member)
    {
        attempts.CountWrong(Context);
        if (member is not null)
        {
            await AuditAsync(member.Email!, "member.sign-in-failed", null);
        }

        return Outcome.Wrong;
    }

    private async Task AuditAsync(string email, string action, string? means)
    {
        db.Audit.Add(new AuditRow
        {
            WorkspaceId = Store.WorkspaceId, AtTicks = time.GetUtcNow().UtcTicks, Actor = email, Action = action, Target = email, After = means,
        });
        await db.SaveChangesAsync();
    }
}
