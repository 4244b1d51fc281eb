namespace Opsmeter.Web.Identity;

/// <summary>What a member is in a workspace. Stored by name.</summary>
public enum Role
{
    /// <summary>Reads and acknowledges.</summary>
    Viewer,

    /// <summary>Also edits budgets and tiers.</summary>
    PolicyOwner,

    /// <summary>Also manages keys, settings and members.</summary>
    Admin,
}
