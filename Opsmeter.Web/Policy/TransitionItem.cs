using System.Text.Json.Serialization;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>A change of a window's state, as it is listed.</summary>
public sealed record TransitionItem
{
    /// <summary>Its place in the list; goes down as the list goes back in time.</summary>
    [JsonIgnore]
    public long Id { get; init; }

    public required DateTimeOffset At { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }
    public string? Key { get; init; }
    public required BudgetState From { get; init; }
    public required BudgetState To { get; init; }
    public required bool Confirmed { get; init; }
    public required Measure Measure { get; init; }

    /// <summary>Null where requests or tokens decided.</summary>
    public decimal? SpentUsd { get; init; }

    /// <summary>Null where requests or tokens decided.</summary>
    public decimal? LimitUsd { get; init; }

    /// <summary>What was used, in the measure: nano-USD, requests or tokens.</summary>
    [JsonIgnore]
    public long Used { get; init; }

    /// <summary>The limit, in the measure.</summary>
    [JsonIgnore]
    public long Limit { get; init; }

    /// <summary>To six decimals; 1 uses exactly the limit. Null for a budget that never resets.</summary>
    public decimal? BurnLong { get; init; }

    /// <summary>To six decimals; 1 uses exactly the limit. Null for a budget that never resets.</summary>
    public decimal? BurnShort { get; init; }
    public required TransitionCause Cause { get; init; }

    /// <summary>Null for a budget that never resets.</summary>
    public DateTimeOffset? WindowStart { get; init; }

    /// <summary>Null for a budget that never resets.</summary>
    public DateTimeOffset? WindowEnd { get; init; }

    internal static TransitionItem Of(TransitionRow row)
    {
        var measure = (Measure)row.Measure;
        var window = new TimeWindow(Instant(row.WindowStartTicks), Instant(row.WindowEndTicks));
        return new TransitionItem
        {
            Id = row.Id,
            At = Instant(row.AtTicks),
            RecordedAt = Instant(row.RecordedTicks),
            Key = LedgerStatements.KeyOf(row.Key),
            From = (BudgetState)row.FromState,
            To = (BudgetState)row.ToState,
            Confirmed = row.ToConfirmed,
            Measure = measure,
            SpentUsd = measure == Measure.Usd ? new Usd(row.Used).Dollars : null,
            LimitUsd = measure == Measure.Usd ? new Usd(row.LimitValue).Dollars : null,
            Used = row.Used,
            Limit = row.LimitValue,
            BurnLong = Burn((decimal?)row.BurnLong),
            BurnShort = Burn((decimal?)row.BurnShort),
            Cause = (TransitionCause)row.Cause,
            WindowStart = window.IsTotal ? null : window.Start,
            WindowEnd = window.IsTotal ? null : window.End,
        };
    }

    /// <summary>One that a replay told: recorded the moment it happened.</summary>
    internal static TransitionItem Of(Transition transition)
    {
        var (used, limit) = (transition.Sums.Used(transition.Measure), transition.Limits.Of(transition.Measure) ?? 0);
        var isMoney = transition.Measure == Measure.Usd;
        return new TransitionItem
        {
            At = transition.At,
            RecordedAt = transition.At,
            Key = transition.Key,
            From = transition.From.State,
            To = transition.To.State,
            Confirmed = transition.To.Confirmed,
            Measure = transition.Measure,
            SpentUsd = isMoney ? new Usd(used).Dollars : null,
            LimitUsd = isMoney ? new Usd(limit).Dollars : null,
            Used = used,
            Limit = limit,
            BurnLong = Burn(transition.BurnLong),
            BurnShort = Burn(transition.BurnShort),
            Cause = transition.Cause,
            WindowStart = transition.Window.IsTotal ? null : transition.Window.Start,
            WindowEnd = transition.Window.IsTotal ? null : transition.Window.End,
        };
    }

    // What was kept as a double and what was just reckoned must read the same; the division drops trailing zeros.
    private static decimal? Burn(decimal? rate) => rate is { } value ? Math.Round(value, 6) / 1.0000000000000000000000000000m : null;

    private static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);
}
