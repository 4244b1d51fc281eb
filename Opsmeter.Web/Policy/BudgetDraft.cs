using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>
/// A budget while it is being written, by the form or by a caller of the API: whatever is null was left out and gets its
/// default, or is refused where it is required. Members mean what those of <c>BudgetDocument</c> mean.
/// </summary>
public sealed class BudgetDraft
{
    public string? Name { get; set; }
    public bool? Enabled { get; set; }
    public string? Notes { get; set; }
    public List<ConditionDraft> Conditions { get; set; } = [];
    public Dimension? Per { get; set; }
    public List<OverrideDraft> Overrides { get; set; } = [];
    public List<DeploymentEnvironment>? Environments { get; set; }
    public List<DataMode>? DataModes { get; set; }
    public decimal? LimitUsd { get; set; }
    public long? LimitRequests { get; set; }
    public long? LimitTokens { get; set; }
    public WindowDraft Window { get; set; } = new();
    public decimal? WarnAt { get; set; }
    public List<decimal> NotifyAt { get; set; } = [];
    public decimal? ForecastWarnAt { get; set; }
    public Cap? Cap { get; set; }
    public ConfirmationDraft Confirmation { get; set; } = new();
    public DegradedModeDraft? DegradedMode { get; set; }
    public DegradeAt? DegradeAt { get; set; }
    public bool? BlockTier1 { get; set; }
    public decimal? UnkeyedLimitUsd { get; set; }
    public HoldExpiry? HoldExpiry { get; set; }
    public string? BlockMessage { get; set; }
    public string? Owner { get; set; }
    public string? Backup { get; set; }
    public string? Escalation { get; set; }
    public TemporaryIncreaseDraft? TemporaryIncrease { get; set; }

    /// <summary>A draft that says what a budget says, to be changed.</summary>
    public static BudgetDraft Of(BudgetDocument budget) => new()
    {
        Name = budget.Name,
        Enabled = budget.Enabled,
        Notes = budget.Notes,
        Conditions = [.. budget.Conditions.Select(condition =>
            new ConditionDraft { Dimension = condition.Dimension, Values = [.. condition.Values] })],
        Per = budget.Per,
        Overrides = [.. budget.Overrides.Select(other => new OverrideDraft { Value = other.Value, LimitUsd = other.LimitUsd })],
        Environments = [.. budget.Environments],
        DataModes = [.. budget.DataModes],
        LimitUsd = budget.LimitUsd,
        LimitRequests = budget.LimitRequests,
        LimitTokens = budget.LimitTokens,
        Window = WindowDraft.Of(budget.Window),
        WarnAt = budget.WarnAt,
        NotifyAt = [.. budget.NotifyAt],
        ForecastWarnAt = budget.ForecastWarnAt,
        Cap = budget.Cap,
        Confirmation = ConfirmationDraft.Of(budget.Confirmation),
        DegradedMode = DegradedModeDraft.Of(budget.DegradedMode),
        DegradeAt = budget.DegradeAt,
        BlockTier1 = budget.BlockTier1,
        UnkeyedLimitUsd = budget.UnkeyedLimitUsd,
        HoldExpiry = budget.HoldExpiry,
        BlockMessage = budget.BlockMessage,
        Owner = budget.Owner,
        Backup = budget.Backup,
        Escalation = budget.Escalation,
        TemporaryIncrease = budget.TemporaryIncrease is { } increase
            ? new TemporaryIncreaseDraft { AmountUsd = increase.AmountUsd, Until = increase.Until, Reason = increase.Reason, TakeBack = increase.TakeBack }
            : null,
    };
}

/// <summary>One condition while it is being written.</summary>
public sealed class ConditionDraft
{
    public Dimension? Dimension { get; set; }
    public List<string> Values { get; set; } = [];
}

/// <summary>Another limit for one key, while it is being written.</summary>
public sealed class OverrideDraft
{
    public string? Value { get; set; }
    public decimal? LimitUsd { get; set; }
}

/// <summary>The window while it is being written.</summary>
public sealed class WindowDraft
{
    public WindowKind? Kind { get; set; }
    public string? TimeZone { get; set; }
    public DayOfWeek? WeekStartsOn { get; set; }
    public int? AnchorDay { get; set; }

    public static WindowDraft Of(WindowDocument window) => new()
    {
        Kind = window.Kind, TimeZone = window.TimeZone, WeekStartsOn = window.WeekStartsOn, AnchorDay = window.AnchorDay,
    };
}

/// <summary>The confirmation while it is being written.</summary>
public sealed class ConfirmationDraft
{
    public ConfirmationMode? Mode { get; set; }
    public decimal? MinRate { get; set; }
    public int? LongMinutes { get; set; }
    public int? ShortMinutes { get; set; }
    public decimal? Ceiling { get; set; }

    public static ConfirmationDraft Of(ConfirmationDocument confirmation) => new()
    {
        Mode = confirmation.Mode,
        MinRate = confirmation.MinRate,
        LongMinutes = confirmation.LongMinutes,
        ShortMinutes = confirmation.ShortMinutes,
        Ceiling = confirmation.Ceiling,
    };
}

/// <summary>A degraded mode while it is being written.</summary>
public sealed class DegradedModeDraft
{
    public string? Model { get; set; }
    public int? MaxOutputTokens { get; set; }
    public int? MaxInputTokens { get; set; }
    public bool? DisableTools { get; set; }
    public List<string>? AllowedTools { get; set; }

    public static DegradedModeDraft? Of(DegradedModeDocument? mode) => mode is null ? null : new()
    {
        Model = mode.Model,
        MaxOutputTokens = mode.MaxOutputTokens,
        MaxInputTokens = mode.MaxInputTokens,
        DisableTools = mode.DisableTools,
        AllowedTools = mode.AllowedTools is { } tools ? [.. tools] : null,
    };
}

/// <summary>More money for a while, while it is being written.</summary>
public sealed class TemporaryIncreaseDraft
{
    public decimal? AmountUsd { get; set; }
    public DateTimeOffset? Until { get; set; }
    public string? Reason { get; set; }
    public bool? TakeBack { get; set; }
}
