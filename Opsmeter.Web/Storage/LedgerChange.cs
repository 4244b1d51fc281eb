using Opsmeter.Core;
using Opsmeter.Core.Budgets;

namespace Opsmeter.Web.Storage;

/// <summary>What one commit changed, for those who watch.</summary>
public sealed record LedgerChange
{
    public required int WorkspaceId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Rows stored.</summary>
    public int Rows { get; init; }

    /// <summary>Production requests with real data among them, and what they cost where priced.</summary>
    public (int Requests, Usd Cost) Production { get; init; }

    /// <summary>Changes of state, with their ids and budgets' names.</summary>
    public IReadOnlyList<(long Id, string BudgetName, Transition Transition)> Transitions { get; init; } = [];

    /// <summary>The budgets whose sums moved.</summary>
    public IReadOnlySet<string> Budgets { get; init; } = new HashSet<string>();

    /// <summary>True when the policy or a setting changed, or a window ended.</summary>
    public bool PolicyChanged { get; init; }

    /// <summary>True when someone is told of something, or has said that they know.</summary>
    public bool AlertsChanged { get; init; }
}
