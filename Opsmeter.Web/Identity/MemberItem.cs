namespace Opsmeter.Web.Identity;

/// <summary>A member of a workspace, as admins see one.</summary>
public sealed record MemberItem
{
    public required string Id { get; init; }

    public required string Email { get; init; }

    public required Role Role { get; init; }

    /// <summary>True where the member may not enter for now.</summary>
    public required bool IsSuspended { get; init; }

    /// <summary>True where a code is asked for after the password.</summary>
    public required bool HasCode { get; init; }

    /// <summary>How many passkeys the member has.</summary>
    public required int Passkeys { get; init; }

    /// <summary>When the member was here last, or null.</summary>
    public DateTimeOffset? SeenAt { get; init; }
}
