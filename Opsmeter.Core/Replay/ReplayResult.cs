using Opsmeter.Core.Budgets;

namespace Opsmeter.Core.Replay;

/// <summary>What a policy would have done to a range.</summary>
public sealed record ReplayResult
{
    /// <summary>The range, as it was replayed.</summary>
    public required TimeWindow Range { get; init; }

    /// <summary>All requests of the range, whether a budget counts them or not.</summary>
    public required int Requests { get; init; }

    /// <summary>Every request in full, nothing obeyed: what the live engine did, or would have.</summary>
    public required ReplayTally AsSent { get; init; }

    /// <summary>The changes of state, as sent.</summary>
    public required IReadOnlyList<Transition> Transitions { get; init; }

    /// <summary>Where each key stands when the range ends, as sent: the windows that hold its end and have a request.</summary>
    public required IReadOnlyList<WindowReading> Standings { get; init; }

    /// <summary>Every caller asked first and did as told.</summary>
    public required ReplayTally AsObeyed { get; init; }

    /// <summary>The changes of state, as obeyed.</summary>
    public required IReadOnlyList<Transition> ObeyedTransitions { get; init; }

    /// <summary>As obeyed, with every budget under each cap; empty where that was not asked for.</summary>
    public required IReadOnlyDictionary<Cap, ReplayTally> Caps { get; init; }

    /// <summary>The windows of the range that had a request, oldest first.</summary>
    public required IReadOnlyList<ReplayWindow> Windows { get; init; }
}
