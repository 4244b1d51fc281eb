using Opsmeter.Core.Alerts;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Documents;

/// <summary>All alerts of a budget in one window, as they are answered and shown. Amounts are USD.</summary>
public sealed record AlertItem
{
    /// <summary>The id that acknowledging and snoozing take.</summary>
    public required string Id { get; init; }
    public required string BudgetId { get; init; }
    public required string Name { get; init; }

    /// <summary>The endpoint that it is about, where it is not about a budget.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The gravest thing that is told.</summary>
    public required AlertKind Kind { get; init; }

    /// <summary>Everything that was told, in order of time.</summary>
    public required IReadOnlyList<AlertKind> Kinds { get; init; }
    public required AlertState State { get; init; }
    public required string Owner { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public required DateTimeOffset At { get; init; }
    public required DateTimeOffset WindowStart { get; init; }
    public DateTimeOffset? WindowEnd { get; init; }

    /// <summary>The keys that it is about, those furthest past their limits first, at most 20; empty where the budget counts together.</summary>
    public required IReadOnlyList<AlertKey> Keys { get; init; }
    public required int KeyCount { get; init; }
    public required Measure Measure { get; init; }

    /// <summary>What was used when it was told last, of the key that was furthest past; USD where the measure is that.</summary>
    public required decimal Used { get; init; }
    public required decimal Limit { get; init; }
    public double? BurnLong { get; init; }
    public double? BurnShort { get; init; }

    /// <summary>What the window was forecast to cost at its end, where that was told.</summary>
    public decimal? ForecastUsd { get; init; }

    /// <summary>Who is behind it; null where nothing with a price was counted, or the budget is gone.</summary>
    public AlertConcentration? Concentration { get; init; }

    /// <summary>The page that shows the window with the budget's filters, relative to the base.</summary>
    public required string Link { get; init; }
    public DateTimeOffset? AcknowledgedAt { get; init; }
    public string? AcknowledgedBy { get; init; }
    public string? Outcome { get; init; }
    public DateTimeOffset? SnoozedUntil { get; init; }

    /// <summary>The step that follows while nobody has said that they know; null where there is none.</summary>
    public AlertStep? NextStep { get; init; }

    /// <summary>When the last step was over and nobody had said that they know.</summary>
    public DateTimeOffset? UnreachedAt { get; init; }

    /// <summary>The messages that were made of it, the newest first, at most 50.</summary>
    public IReadOnlyList<AlertDelivery> Deliveries { get; init; } = [];
}

/// <summary>A key of a budget that an alert is about.</summary>
public sealed record AlertKey(string Key, AlertKind Kind, decimal Used, decimal Limit, DateTimeOffset At);

/// <summary>Who is behind an alert: the dearest of the window so far, each with its change against the same hours a week before.</summary>
/// <param name="Endpoints">The dearest endpoints.</param>
/// <param name="Tenants">The dearest tenants, or users where no request has a tenant.</param>
/// <param name="TenantsBy">Which of the two.</param>
/// <param name="NewVersions">Prompt versions first seen in the window, dearest first.</param>
public sealed record AlertConcentration(
    IReadOnlyList<AlertPart> Endpoints, IReadOnlyList<AlertPart> Tenants, Dimension TenantsBy, IReadOnlyList<string> NewVersions);

/// <summary>One of them.</summary>
/// <param name="Value">The endpoint, tenant or user; null for requests without one.</param>
/// <param name="CostUsd">What it cost.</param>
/// <param name="Share">Its share of all, 0–1.</param>
/// <param name="ChangeUsd">Against the same hours a week before.</param>
public sealed record AlertPart(string? Value, decimal CostUsd, decimal Share, decimal ChangeUsd);

/// <summary>Where an incident stands.</summary>
public enum AlertState
{
    /// <summary>Nobody has said that they know.</summary>
    Open,

    /// <summary>Put off until a time.</summary>
    Snoozed,

    /// <summary>Someone knows.</summary>
    Acknowledged,

    /// <summary>The state fell again, or the window is over.</summary>
    Ended,
}

/// <summary>A step to come.</summary>
/// <param name="Notify">Who is told: <c>owner</c>, <c>backup</c>, a channel's name or a member's e-mail.</param>
/// <param name="At">When.</param>
public sealed record AlertStep(string Notify, DateTimeOffset At);

/// <summary>A message and what became of it.</summary>
/// <param name="MessageId">The id that its receiver tells it by.</param>
/// <param name="To">The channel's name or the member's e-mail.</param>
/// <param name="State">What became of it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="NextAttemptAt">When it is tried next, while it waits.</param>
/// <param name="SentAt">When it was taken.</param>
/// <param name="Error">What went wrong last.</param>
/// <param name="Log">The attempts, in order of time.</param>
public sealed record AlertDelivery(
    string MessageId, string To, DeliveryState State, DateTimeOffset CreatedAt, int Attempts, DateTimeOffset? NextAttemptAt, DateTimeOffset? SentAt, string? Error,
    IReadOnlyList<DeliveryAttempt> Log);

/// <summary>One attempt to deliver a message.</summary>
/// <param name="At">When it was over.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Status">What the receiver answered; null where it answered nothing.</param>
/// <param name="Error">What went wrong; null where it was taken.</param>
public sealed record DeliveryAttempt(DateTimeOffset At, long Milliseconds, int? Status, string? Error);

/// <summary>What became of a message.</summary>
public enum DeliveryState
{
    /// <summary>It is tried, or tried again.</summary>
    Waiting,

    /// <summary>It was taken.</summary>
    Sent,

    /// <summary>It was given up.</summary>
    Parked,
}
