using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>Ends an open page soon after its member was removed, changed role or signed out everywhere.</summary>
internal sealed class MemberRevalidation(ILoggerFactory loggers, IServiceScopeFactory scopes)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    /// <inheritdoc />
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        if (Visitor.Of(authenticationState.User) is not { } visitor)
        {
            return false;
        }

        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<MemberRow>>();
        var db = scope.ServiceProvider.GetRequiredService<OpsmeterDb>();
        var role = visitor.Role.ToString();
        var stays = await db.Memberships.AnyAsync(
            row => row.WorkspaceId == visitor.WorkspaceId && row.MemberId == visitor.MemberId && row.Role == role, cancellationToken);
        return stays && await users.FindByIdAsync(visitor.MemberId) is { } member
            && authenticationState.User.FindFirst(users.Options.ClaimsIdentity.SecurityStampClaimType)?.Value
                == await users.GetSecurityStampAsync(member);
    }
}
