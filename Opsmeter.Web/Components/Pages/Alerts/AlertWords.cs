using Opsmeter.Core;
using Opsmeter.Core.Alerts;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Alerts;

/// <summary>Says what alerts tell.</summary>
internal static class AlertWords
{
    /// <summary>The states, for a choice of what is shown.</summary>
    public static IReadOnlyList<Choice<string>> States { get; } =
        [new("open", "Open"), new("snoozed", "Snoozed"), new("acknowledged", "Acknowledged"), new("ended", "Ended"), new("all", "All")];

    /// <summary>The outcomes, for a choice.</summary>
    public static IReadOnlyList<Choice<AlertOutcome?>> Outcomes { get; } =
    [
        new(null, "not known yet"), new(AlertOutcome.Contained, "contained"), new(AlertOutcome.PolicyChanged, "policy changed"),
        new(AlertOutcome.Expected, "expected"), new(AlertOutcome.FalseAlarm, "false alarm"), new(AlertOutcome.Nothing, "nothing was done"),
    ];

    /// <summary>A kind in a word or two.</summary>
    public static string Name(AlertKind kind) => kind switch
    {
        AlertKind.Threshold => "Threshold passed",
        AlertKind.Recovered => "Recovered",
        AlertKind.Forecast => "Heading past",
        AlertKind.BurnRate => "Burning fast",
        AlertKind.Warning => "Warning",
        AlertKind.Degraded => "Degraded",
        AlertKind.Exceeded => "Over the limit",
        AlertKind.Blocked => "Blocked",
        AlertKind.Surge => "Surge",
        AlertKind.Drift => "Dearer version",
        AlertKind.Unpriced => "Unpriced",
        AlertKind.NoTraffic => "No traffic",
    };

    /// <summary>How grave a kind is.</summary>
    public static Tone ToneOf(AlertKind kind) => kind switch
    {
        AlertKind.Threshold or AlertKind.Recovered => Tone.Ok,
        AlertKind.Forecast or AlertKind.BurnRate or AlertKind.Warning or AlertKind.Surge or AlertKind.Drift or AlertKind.Unpriced or AlertKind.NoTraffic => Tone.Warning,
        AlertKind.Degraded => Tone.Degraded,
        AlertKind.Exceeded or AlertKind.Blocked => Tone.Exceeded,
    };

    /// <summary>False for what is noticed without a budget.</summary>
    public static bool IsOfBudget(AlertKind kind) => kind switch
    {
        AlertKind.Surge or AlertKind.Drift or AlertKind.Unpriced or AlertKind.NoTraffic => false,
        AlertKind.Threshold or AlertKind.Recovered or AlertKind.Forecast or AlertKind.BurnRate or AlertKind.Warning or AlertKind.Degraded or AlertKind.Exceeded or AlertKind.Blocked => true,
    };

    /// <summary>Who is told in a step, before when.</summary>
    public static string Receiver(string notify) => notify switch
    {
        EscalationStepDocument.Owner => "the owner is told again",
        EscalationStepDocument.Backup => "the backup is told",
        _ => $"{notify} is told",
    };

    /// <summary>What became of messages, in a line.</summary>
    public static string Deliveries(IReadOnlyList<AlertDelivery> deliveries)
    {
        var (sent, waiting) = (deliveries.Count(each => each.State == DeliveryState.Sent), deliveries.Count(each => each.State == DeliveryState.Waiting));
        var parked = deliveries.Count - sent - waiting;
        string?[] parts = [$"{Count.Format(sent)} delivered", waiting > 0 ? $"{Count.Format(waiting)} waiting" : null, parked > 0 ? $"{Count.Format(parked)} not delivered" : null];
        return "Messages: " + string.Join(", ", parts.OfType<string>());
    }

    /// <summary>What became of a message.</summary>
    public static string Name(DeliveryState state) => state switch
    {
        DeliveryState.Waiting => "waiting",
        DeliveryState.Sent => "delivered",
        DeliveryState.Parked => "not delivered",
    };

    /// <summary>How good that is.</summary>
    public static Tone ToneOf(DeliveryState state) => state switch
    {
        DeliveryState.Waiting => Tone.Warning,
        DeliveryState.Sent => Tone.Ok,
        DeliveryState.Parked => Tone.Exceeded,
    };

    /// <summary>What was used of the limit.</summary>
    public static string Used(AlertItem alert) => alert.Kind switch
    {
        AlertKind.Surge => $"{Money.Rounded(Usd.FromDollars(alert.Used))} where {Money.Rounded(Usd.FromDollars(alert.Limit))} is usual",
        AlertKind.Drift => $"{Money.Rounded(Usd.FromDollars(alert.Used))} a request, {Money.Rounded(Usd.FromDollars(alert.Limit))} with the version before",
        AlertKind.Unpriced => $"{Count.Format((long)alert.Used)} of {Count.Format((long)alert.Limit)} requests in an hour have no price",
        AlertKind.NoTraffic => $"nothing in an hour that usually spends {Money.Rounded(Usd.FromDollars(alert.Limit))}",
        AlertKind.Threshold or AlertKind.Recovered or AlertKind.Forecast or AlertKind.BurnRate or AlertKind.Warning or AlertKind.Degraded or AlertKind.Exceeded or AlertKind.Blocked => OfLimit(alert),
    };

    private static string OfLimit(AlertItem alert) => alert.Measure == Measure.Usd
        ? $"{Money.Rounded(Usd.FromDollars(alert.Used))} of {Money.Rounded(Usd.FromDollars(alert.Limit))}"
        : $"{Count.Format((long)alert.Used)} of {Count.Format((long)alert.Limit)} {(alert.Measure == Measure.Tokens ? "tokens" : "requests")}";

    /// <summary>An outcome as it is kept, in words.</summary>
    public static string Outcome(string outcome) => outcome switch
    {
        "contained" => "contained",
        "policyChanged" => "policy changed",
        "expected" => "expected",
        "falseAlarm" => "false alarm",
        _ => "nothing was done",
    };
}
