using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>The codes of an authenticator that a member is asked for after the password (TOTP, RFC 6238), and those for when it is lost.</summary>
public sealed class SecondFactor(IServiceScopeFactory scopes, MemberSessions sessions, UsedCodes used, TimeProvider time)
{
    private const int SpareCodes = 10;
    private const int GroupLength = 4;

    /// <summary>True where a code is asked for, and how many spare codes are left.</summary>
    public Task<(bool IsOn, int Spare)> ReadAsync(Visitor visitor) =>
        WithAsync(visitor, async (users, member) => (await users.GetTwoFactorEnabledAsync(member), await users.CountRecoveryCodesAsync(member)), (false, 0));

    /// <summary>Begins: a new secret for the authenticator. Nothing is asked for until a code of it was given.</summary>
    /// <returns>The secret to type, and the address that a QR code holds; null where it is on already.</returns>
    public Task<(string Secret, string Address)?> BeginAsync(Visitor visitor) => WithAsync<(string, string)?>(
        visitor,
        async (users, member) =>
        {
            if (await users.GetTwoFactorEnabledAsync(member))
            {
                return null;
            }

            await users.ResetAuthenticatorKeyAsync(member);
            var secret = (await users.GetAuthenticatorKeyAsync(member))!;
            var address = string.Create(
                CultureInfo.InvariantCulture, $"otpauth://totp/Opsmeter:{Uri.EscapeDataString(visitor.Email)}?secret={secret}&issuer=Opsmeter&digits=6&period=30");
            return (Grouped(secret), address);
        },
        null);

    /// <summary>Turns it on, once the authenticator shows the right code. The member's other sessions end.</summary>
    /// <returns>The spare codes, which are shown this once; null where the code is wrong.</returns>
    public Task<IReadOnlyList<string>?> TurnOnAsync(Visitor visitor, string code) => WithAsync<IReadOnlyList<string>?>(
        visitor,
        async (users, member) =>
        {
            var digits = new string([.. code.Where(char.IsAsciiDigit)]);
            if (!await users.VerifyTwoFactorTokenAsync(member, TokenOptions.DefaultAuthenticatorProvider, digits) || !used.TryUse(member.Id, digits))
            {
                return null;
            }

            await users.SetTwoFactorEnabledAsync(member, enabled: true);
            var spare = await users.GenerateNewTwoFactorRecoveryCodesAsync(member, SpareCodes);
            await AuditAsync(visitor, "member.code-add");
            await sessions.CloseAllAsync(member.Id, visitor.SessionId);
            return [.. spare ?? []];
        },
        null);

    /// <summary>Makes new spare codes; the old ones are good for nothing.</summary>
    public Task<IReadOnlyList<string>> RenewAsync(Visitor visitor) => WithAsync<IReadOnlyList<string>>(
        visitor,
        async (users, member) =>
        {
            await AuditAsync(visitor, "member.code-renew");
            return [.. await users.GenerateNewTwoFactorRecoveryCodesAsync(member, SpareCodes) ?? []];
        },
        []);

    /// <summary>Turns it off.</summary>
    /// <returns>False where the password is wrong.</returns>
    public Task<bool> TurnOffAsync(Visitor visitor, string password) => WithAsync(
        visitor,
        async (users, member) =>
        {
            if (await users.IsLockedOutAsync(member) || !await users.CheckPasswordAsync(member, password))
            {
                await users.AccessFailedAsync(member);
                return false;
            }

            await users.SetTwoFactorEnabledAsync(member, enabled: false);
            await AuditAsync(visitor, "member.code-remove");
            return true;
        },
        false);

    private async Task<T> WithAsync<T>(Visitor visitor, Func<UserManager<MemberRow>, MemberRow, Task<T>> act, T otherwise)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<MemberRow>>();
        return visitor.Can(Permission.View) && await users.FindByIdAsync(visitor.MemberId) is { } member ? await act(users, member) : otherwise;
    }

    private async Task AuditAsync(Visitor visitor, string action)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var db = await scope.ServiceProvider.GetRequiredService<IDbContextFactory<OpsmeterDb>>().CreateDbContextAsync();
        db.Audit.Add(new AuditRow { WorkspaceId = visitor.WorkspaceId, AtTicks = time.GetUtcNow().UtcTicks, Actor = visitor.Email, Action = action, Target = visitor.Email });
        await db.SaveChangesAsync();
    }

    private static string Grouped(string secret)
    {
        var text = new StringBuilder();
        for (var i = 0; i < secret.Length; i += GroupLength)
        {
            text.Append(i > 0 ? " " : "").Append(secret.AsSpan(i, Math.Min(GroupLength, secret.Length - i)));
        }

        return text.ToString();
    }
}
