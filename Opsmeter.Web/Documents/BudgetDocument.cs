using System.Text.Json.Serialization;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Documents;

/// <summary>A budget as people edit it: the members of the management API, and what is stored.</summary>
public sealed record BudgetDocument
{
    public string Id { get; init; } = "";
    public required string Name { get; init; }
    public bool Enabled { get; init; } = true;
    public string? Notes { get; init; }
    public IReadOnlyList<ConditionDocument> Conditions { get; init; } = [];
    public Dimension? Per { get; init; }
    public IReadOnlyList<OverrideDocument> Overrides { get; init; } = [];
    public IReadOnlyList<DeploymentEnvironment> Environments { get; init; } = [DeploymentEnvironment.Prod];
    public IReadOnlyList<DataMode> DataModes { get; init; } = [DataMode.Real];
    public decimal? LimitUsd { get; init; }
    public long? LimitRequests { get; init; }
    public long? LimitTokens { get; init; }
    public required WindowDocument Window { get; init; }
    public decimal WarnAt { get; init; } = 0.8m;
    public IReadOnlyList<decimal> NotifyAt { get; init; } = [];
    public decimal? ForecastWarnAt { get; init; }
    public Cap Cap { get; init; }
    public required ConfirmationDocument Confirmation { get; init; }
    public DegradedModeDocument? DegradedMode { get; init; }
    public DegradeAt DegradeAt { get; init; }
    public bool BlockTier1 { get; init; }
    public decimal? UnkeyedLimitUsd { get; init; }
    public HoldExpiry HoldExpiry { get; init; }
    public string? BlockMessage { get; init; }
    public required string Owner { get; init; }
    public string? Backup { get; init; }
    public required string Escalation { get; init; }
    public TemporaryIncreaseDocument? TemporaryIncrease { get; init; }

    /// <summary>The budget that the rules know.</summary>
    public Budget ToBudget() => new()
    {
        Id = Id,
        Name = Name,
        Enabled = Enabled,
        Conditions = [.. Conditions.Select(condition => new Condition(condition.Dimension, condition.Values))],
        Per = Per,
        Overrides = Overrides.ToDictionary(other => other.Value, other => Usd.FromDollars(other.LimitUsd), StringComparer.Ordinal),
        Environments = Environments,
        DataModes = DataModes,
        Limits = new Limits(LimitUsd is { } usd ? Usd.FromDollars(usd) : null, LimitRequests, LimitTokens),
        Window = new WindowSpec
        {
            Kind = Window.Kind, TimeZone = Window.TimeZone, WeekStartsOn = Window.WeekStartsOn, AnchorDay = Window.AnchorDay,
        },
        WarnAt = WarnAt,
        Cap = Cap,
        Confirmation = new Confirmation
        {
            Mode = Confirmation.Mode,
            MinRate = Confirmation.MinRate,
            LongMinutes = Confirmation.LongMinutes,
            ShortMinutes = Confirmation.ShortMinutes,
            Ceiling = Confirmation.Ceiling,
        },
        DegradedMode = DegradedMode?.ToMode(),
        DegradeAt = DegradeAt,
        HoldExpiry = HoldExpiry,
        BlockTier1 = BlockTier1,
        UnkeyedLimit = UnkeyedLimitUsd is { } unkeyed ? Usd.FromDollars(unkeyed) : null,
        BlockMessage = BlockMessage,
        Increase = TemporaryIncrease is { } increase
            ? new TemporaryIncrease(
                Usd.FromDollars(increase.AmountUsd), increase.From ?? DateTimeOffset.MinValue, increase.Until, increase.Reason, increase.TakeBack)
            : null,
    };

    /// <summary>True when both count the same requests into the same windows and keys.</summary>
    public bool CountsLike(BudgetDocument other) =>
        Per == other.Per && Window == other.Window && UnkeyedLimitUsd.HasValue == other.UnkeyedLimitUsd.HasValue
        && Conditions.SequenceEqual(other.Conditions) && Environments.Order().SequenceEqual(other.Environments.Order())
        && DataModes.Order().SequenceEqual(other.DataModes.Order());
}

/// <summary>One condition.</summary>
public sealed record ConditionDocument(Dimension Dimension, IReadOnlyList<string> Values)
{
    public bool Equals(ConditionDocument? other) =>
        other is not null && Dimension == other.Dimension && Values.SequenceEqual(other.Values, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Dimension, Values.Count);
}

/// <summary>Another limit for one key.</summary>
public sealed record OverrideDocument(string Value, decimal LimitUsd);

/// <summary>Which windows.</summary>
public sealed record WindowDocument
{
    public required WindowKind Kind { get; init; }
    public required string TimeZone { get; init; }
    public DayOfWeek WeekStartsOn { get; init; } = DayOfWeek.Monday;
    public int AnchorDay { get; init; } = 1;
}

/// <summary>What blocking waits for.</summary>
public sealed record ConfirmationDocument
{
    public ConfirmationMode Mode { get; init; }
    public decimal MinRate { get; init; }
    public required int LongMinutes { get; init; }
    public required int ShortMinutes { get; init; }
    public decimal Ceiling { get; init; } = 1.1m;
}

/// <summary>What degraded callers are told.</summary>
public sealed record DegradedModeDocument
{
    public string? Model { get; init; }
    public int? MaxOutputTokens { get; init; }
    public int? MaxInputTokens { get; init; }
    public bool DisableTools { get; init; }
    public IReadOnlyList<string>? AllowedTools { get; init; }

    public DegradedMode ToMode() => new()
    {
        Model = Model, MaxOutputTokens = MaxOutputTokens, MaxInputTokens = MaxInputTokens, DisableTools = DisableTools,
        AllowedTools = AllowedTools,
    };

    public static DegradedModeDocument Of(DegradedMode mode) => new()
    {
        Model = mode.Model, MaxOutputTokens = mode.MaxOutputTokens, MaxInputTokens = mode.MaxInputTokens,
        DisableTools = mode.DisableTools, AllowedTools = mode.AllowedTools,
    };
}

/// <summary>More money for a while.</summary>
public sealed record TemporaryIncreaseDocument
{
    public required decimal AmountUsd { get; init; }
    public DateTimeOffset? From { get; init; }
    public required DateTimeOffset Until { get; init; }
    public required string Reason { get; init; }

    /// <summary>Taken from the budget at <see cref="Until"/>; written only where it was chosen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TakeBack { get; init; }
}
