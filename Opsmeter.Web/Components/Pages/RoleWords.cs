using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Pages;

/// <summary>Roles in words.</summary>
internal static class RoleWords
{
    /// <summary>The roles to choose from, the least first.</summary>
    public static readonly Choice<Role>[] Choices = [.. Enum.GetValues<Role>().Select(role => new Choice<Role>(role, $"{Capital(Of(role))}: {May(role)}"))];

    /// <summary>A role's name, within a sentence.</summary>
    public static string Of(Role role) => role switch
    {
        Role.Viewer => "viewer",
        Role.PolicyOwner => "policy owner",
        Role.Admin => "admin",
    };

    /// <summary>What a role may do.</summary>
    public static string May(Role role) => role switch
    {
        Role.Viewer => "reads everything and acknowledges alerts",
        Role.PolicyOwner => "also edits budgets, tiers and channels",
        Role.Admin => "also manages members, keys and settings",
    };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
