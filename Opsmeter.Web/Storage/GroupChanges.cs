using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;

namespace Opsmeter.Web.Storage;

/// <summary>What the open transaction has changed of a workspace, to be shown once it is committed.</summary>
internal sealed class GroupChanges
{
    public int Rows { get; set; }

    public (int Requests, Usd Cost) Production { get; set; }

    public bool PolicyChanged { get; set; }

    public bool Alerts { get; set; }

    public List<Transition> Transitions { get; } = [];

    /// <summary>How far the callers of the counted rows asked and obeyed.</summary>
    public List<EnforcedRow> Enforced { get; } = [];

    /// <summary>Budgets against which more or less is held.</summary>
    public HashSet<string> Held { get; } = new(StringComparer.Ordinal);

    public List<(string BudgetId, WindowReading Reading)> Readings { get; } = [];

    public List<(long Id, string BudgetName, Transition Transition)> Saved { get; } = [];

    public Dictionary<string, string>? Names { get; set; }
}
