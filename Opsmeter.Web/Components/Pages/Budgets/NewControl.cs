namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>What a new budget starts from, as the editor's address says it; all of it empty for a blank one.</summary>
public sealed record NewControl
{
    /// <summary>The dimension that it is about, with <see cref="Value"/>.</summary>
    public string? Dimension { get; init; }

    /// <summary>Which one it is about.</summary>
    public string? Value { get; init; }

    /// <summary>The budget that it starts as a copy of.</summary>
    public string? CopyOf { get; init; }

    /// <summary>True for a copy that counts all keys together.</summary>
    public bool IsTotal { get; init; }

    /// <summary>True for one that counts everything.</summary>
    public bool CoversAll { get; init; }
}
