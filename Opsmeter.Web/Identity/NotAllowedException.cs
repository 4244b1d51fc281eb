namespace Opsmeter.Web.Identity;

/// <summary>Somebody began something that they may not do, or may no longer: their role changed, or they were signed out.</summary>
public sealed class NotAllowedException(Permission permission)
    : Exception($"The visitor may not do this now: {permission}.")
{
    /// <summary>What it would have taken.</summary>
    public Permission Permission { get; } = permission;
}
