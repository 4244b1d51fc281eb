using System.Security.Claims;

namespace Opsmeter.Web.Identity;

/// <summary>Who looks at a page: a member, in a workspace, in a role. Cascaded to every page.</summary>
public sealed record Visitor(int WorkspaceId, string MemberId, string Email, Role Role)
{
    /// <summary>The claim that carries the workspace's id.</summary>
    public const string WorkspaceClaim = "opsmeter:workspace";

    /// <summary>How the audit log names the visitor.</summary>
    public string Actor => Email;

    /// <summary>Whether the visitor may do something.</summary>
    public bool Can(Permission permission) => Permissions.Allows(Role, permission);

    /// <summary>The visitor that a signed-in principal stands for; null when nobody is signed in.</summary>
    public static Visitor? Of(ClaimsPrincipal principal) =>
        principal.Identity?.IsAuthenticated == true
        && int.TryParse(principal.FindFirstValue(WorkspaceClaim), out var workspace)
        && Enum.TryParse<Role>(principal.FindFirstValue(ClaimTypes.Role), out var role)
        && principal.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
        && principal.FindFirstValue(ClaimTypes.Email) is { } email
            ? new Visitor(workspace, id, email, role)
            : null;
}
