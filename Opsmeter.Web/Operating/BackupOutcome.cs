namespace Opsmeter.Web.Operating;

/// <summary>How a backup ended.</summary>
/// <param name="At">When.</param>
/// <param name="Name">The backup, or null where it failed.</param>
/// <param name="Problem">Why it failed, or null.</param>
public sealed record BackupOutcome(DateTimeOffset At, string? Name, string? Problem);
