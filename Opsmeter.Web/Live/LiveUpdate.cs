namespace Opsmeter.Web.Live;

/// <summary>What changed since the last update that the same watcher was given.</summary>
public sealed record LiveUpdate
{
    /// <summary>When the latest of it was on disk.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Requests stored.</summary>
    public int Rows { get; init; }

    /// <summary>The budgets whose sums moved.</summary>
    public IReadOnlySet<string> Budgets { get; init; } = new HashSet<string>();

    /// <summary>Changes of state, oldest first.</summary>
    public IReadOnlyList<StateNotice> Notices { get; init; } = [];

    /// <summary>True when a budget, a tier or a setting was changed.</summary>
    public bool PolicyChanged { get; init; }

    /// <summary>True when an alert was raised, or somebody acknowledged or snoozed one.</summary>
    public bool AlertsChanged { get; init; }

    /// <summary>Both together.</summary>
    public LiveUpdate With(LiveUpdate later) => new()
    {
        At = later.At,
        Rows = Rows + later.Rows,
        Budgets = later.Budgets.Count == 0 ? Budgets : new HashSet<string>([.. Budgets, .. later.Budgets], StringComparer.Ordinal),
        Notices = later.Notices.Count == 0 ? Notices : [.. Notices, .. later.Notices],
        PolicyChanged = PolicyChanged || later.PolicyChanged,
        AlertsChanged = AlertsChanged || later.AlertsChanged,
    };
}
