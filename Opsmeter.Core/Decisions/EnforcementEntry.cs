namespace Opsmeter.Core.Decisions;

/// <summary>What was asked and obeyed in one window.</summary>
internal sealed class EnforcementEntry
{
    public DateTimeOffset Window { get; set; }

    public Enforcement Total { get; set; }

    /// <summary>True while it is listed as changed.</summary>
    public bool IsChanged { get; set; }
}
