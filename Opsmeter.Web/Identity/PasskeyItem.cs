namespace Opsmeter.Web.Identity;

/// <summary>A member's passkey.</summary>
public sealed record PasskeyItem(string Id, string Name, DateTimeOffset CreatedAt);
