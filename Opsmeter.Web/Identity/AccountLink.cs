namespace Opsmeter.Web.Identity;

/// <summary>What a link lets somebody do. Stored by name.</summary>
public enum AccountLinkKind
{
    /// <summary>Become a member of a workspace.</summary>
    Invitation,

    /// <summary>Set a new password.</summary>
    NewPassword,
}

/// <summary>A link that lets somebody in once.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it lets somebody do.</param>
/// <param name="WorkspaceId">The workspace that it is of.</param>
/// <param name="Email">Whom it is for.</param>
/// <param name="Role">What an invited member will be.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="ExpiresAt">From when on it is good for nothing.</param>
public sealed record AccountLink(int Id, AccountLinkKind Kind, int WorkspaceId, string Email, Role Role, string CreatedBy, DateTimeOffset ExpiresAt);
