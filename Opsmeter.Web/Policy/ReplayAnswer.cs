using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Replay;

namespace Opsmeter.Web.Policy;

/// <summary>What a draft would have done, as it is answered.</summary>
public sealed record ReplayAnswer
{
    /// <summary>The most changes of state that are listed; how many there were is said beside.</summary>
    public const int MostTransitions = 5_000;

    /// <summary>The most windows that are listed, the latest.</summary>
    public const int MostWindows = 2_500;

    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public required int Requests { get; init; }

    /// <summary>As sent: what the live engine writes for the same requests.</summary>
    public required IReadOnlyList<TransitionItem> Transitions { get; init; }
    public required Tally AsSent { get; init; }
    public required Tally AsObeyed { get; init; }
    public required IReadOnlyList<TransitionItem> ObeyedTransitions { get; init; }
    public required IReadOnlyDictionary<Cap, Tally> Caps { get; init; }
    public required IReadOnlyList<WindowItem> Windows { get; init; }
    public required IReadOnlyList<string> Notices { get; init; }

    public static ReplayAnswer Of(ReplayResult result) => new()
    {
        From = result.Range.Start,
        To = result.Range.End,
        Requests = result.Requests,
        Transitions = Listed(result.Transitions),
        AsSent = Tally.Of(result.AsSent, result.Transitions.Count),
        AsObeyed = Tally.Of(result.AsObeyed, result.ObeyedTransitions.Count),
        ObeyedTransitions = Listed(result.ObeyedTransitions),
        Caps = result.Caps.ToDictionary(cap => cap.Key, cap => Tally.Of(cap.Value, null)),
        Windows = [.. result.Windows.TakeLast(MostWindows).Select(WindowItem.Of)],
        Notices =
        [
            .. result.Transitions.Count > MostTransitions || result.ObeyedTransitions.Count > MostTransitions
                ? new[] { $"Only the first {MostTransitions:N0} changes of state are listed." } : [],
            .. result.Windows.Count > MostWindows ? new[] { $"Only the latest {MostWindows:N0} windows are listed." } : [],
        ],
    };

    private static TransitionItem[] Listed(IReadOnlyList<Transition> transitions) =>
        [.. transitions.Take(MostTransitions).Select(TransitionItem.Of)];

    /// <summary>One telling.</summary>
    public sealed record Tally(
        int Requests, int Warnings, int Exceeded, int Degraded, int Blocked, int Unpriced, decimal SpendUsd, decimal AvoidedUsd, int Alerts,
        int? Transitions)
    {
        internal static Tally Of(ReplayTally tally, int? transitions) => new(
            tally.Requests, tally.Warnings, tally.Exceeded, tally.Degraded, tally.Blocked, tally.Unpriced, tally.Spend.Dollars,
            tally.Avoided.Dollars, tally.Alerts, transitions);
    }

    /// <summary>One window, its keys together.</summary>
    public sealed record WindowItem(
        DateTimeOffset? Start, DateTimeOffset? End, decimal SentUsd, decimal ObeyedUsd, decimal Use, BudgetState State, int Degraded,
        int Blocked, int KeysExceeded)
    {
        internal static WindowItem Of(ReplayWindow window) => new(
            window.Window.IsTotal ? null : window.Window.Start, window.Window.IsTotal ? null : window.Window.End, window.Sent.Dollars,
            window.Obeyed.Dollars, window.Use, window.State, window.Degraded, window.Blocked, window.KeysExceeded);
    }
}
