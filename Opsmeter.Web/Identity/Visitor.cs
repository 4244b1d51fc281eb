using System.Globalization;
using System.Security.Claims;

namespace Opsmeter.Web.Identity;

/// <summary>Who looks at a page: a member, in a workspace, in a role. Cascaded to every page.</summary>
public sealed record Visitor(int WorkspaceId, string MemberId, string Email, Role Role)
{
    /// <summary>The claim that carries the session's id.</summary>
    public const string SessionClaim = "opsmeter:session";

    private const string WorkspaceClaim = "opsmeter:workspace";

    /// <summary>The session that the visitor is here by.</summary>
    public string? SessionId { get; init; }

    /// <summary>Who is asked what the visitor may do; without it the role alone says.</summary>
    internal MemberRoll? Roll { get; init; }

    /// <summary>The visitor, for as long as the roll says so.</summary>
    public Visitor With(MemberRoll roll) => this with { Roll = roll };

    /// <summary>Whether the visitor may do something, as of now: the session, the membership and the role are looked up anew.</summary>
    public bool Can(Permission permission) => Roll is null ? Permissions.Allows(Role, permission) : Roll.Allows(this, permission);

    /// <summary>
    /// How the audit log names the visitor, for a change that is made now. Every change that a page makes asks for it, so
    /// that none is made without looking whether the visitor still may.
    /// </summary>
    /// <exception cref="NotAllowedException">The visitor may not do this, or no longer.</exception>
    public string ActorFor(Permission permission) => Can(permission) ? Email : throw new NotAllowedException(permission);

    /// <summary>The visitor that a signed-in principal stands for; null when nobody is signed in.</summary>
    public static Visitor? Of(ClaimsPrincipal principal) =>
        principal.Identity?.IsAuthenticated == true
        && int.TryParse(principal.FindFirstValue(WorkspaceClaim), NumberStyles.None, CultureInfo.InvariantCulture, out var workspace)
        && Enum.TryParse<Role>(principal.FindFirstValue(ClaimTypes.Role), out var role)
        && principal.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
        && principal.FindFirstValue(ClaimTypes.Email) is { } email
            ? new Visitor(workspace, id, email, role) { SessionId = principal.FindFirstValue(SessionClaim) }
            : null;

    /// <summary>What a request of the visitor carries.</summary>
    internal ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, MemberId), new Claim(ClaimTypes.Email, Email), new Claim(ClaimTypes.Name, Email),
            new Claim(ClaimTypes.Role, Role.ToString()), new Claim(WorkspaceClaim, WorkspaceId.ToString(CultureInfo.InvariantCulture)),
            new Claim(SessionClaim, SessionId ?? ""),
        ],
        scheme));
}
