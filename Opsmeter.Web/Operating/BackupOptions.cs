namespace Opsmeter.Web.Operating;

/// <summary>When backups are made, where to and how many are kept.</summary>
public sealed class BackupOptions
{
    public const string Section = "Backup";

    /// <summary>The folder of the backups, or null for <c>backups</c> in the data folder. A folder on another disk survives this one.</summary>
    public string? Directory { get; set; }

    /// <summary>The time of day of the daily backup, <c>HH:mm</c> in UTC; empty for none.</summary>
    public string DailyAt { get; set; } = "02:30";

    /// <summary>How many backups are kept, from 1 to 1,000; the oldest go first.</summary>
    public int Keep { get; set; } = 7;

    /// <summary>True where a database is backed up before a newer version changes its schema; it is kept for 30 days beside the others.</summary>
    public bool BeforeUpdate { get; set; } = true;
}
