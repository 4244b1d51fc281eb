namespace Opsmeter.Web.Identity;

/// <summary>What a member may be allowed to do. The one table of who may what is <see cref="Permissions"/>.</summary>
public enum Permission
{
    /// <summary>See every page.</summary>
    View,

    /// <summary>Change budgets and tiers, and take back a request.</summary>
    EditPolicy,

    /// <summary>Make and revoke keys.</summary>
    ManageKeys,

    /// <summary>Change the workspace's settings.</summary>
    ManageSettings,

    /// <summary>Invite members, change what they may do, and take them out.</summary>
    ManageMembers,

    /// <summary>Make further workspaces.</summary>
    MakeWorkspaces,
}

/// <summary>The permission table.</summary>
public static class Permissions
{
    /// <summary>Whether a role may do something.</summary>
    public static bool Allows(Role role, Permission permission) => permission switch
    {
        Permission.View => true,
        Permission.EditPolicy => role is Role.PolicyOwner or Role.Admin,
        Permission.ManageKeys or Permission.ManageSettings or Permission.ManageMembers or Permission.MakeWorkspaces => role is Role.Admin,
    };
}
