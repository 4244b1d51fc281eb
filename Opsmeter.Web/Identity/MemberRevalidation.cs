using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Opsmeter.Web.Identity;

/// <summary>Ends an open page soon after its member was removed or suspended, changed role or workspace, or was signed out.</summary>
internal sealed class MemberRevalidation(ILoggerFactory loggers, MemberRoll roll) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    /// <inheritdoc />
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        Visitor.Of(authenticationState.User) is { SessionId: { } session } visitor
        && await roll.FindAsync(session) is { } now && (now.WorkspaceId, now.Role) == (visitor.WorkspaceId, visitor.Role);
}
