using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>Which member of a body is which member of a draft. An <c>id</c> and what is unknown are ignored.</summary>
internal static class DraftReader
{
    public static BudgetDraft Budget(DraftFields fields) => new()
    {
        Name = fields.Text("name"),
        Enabled = fields.Flag("enabled"),
        Notes = fields.Text("notes"),
        Conditions = fields.NestedList("conditions", Condition) ?? [],
        Per = fields.Choice<Dimension>("per"),
        Overrides = fields.NestedList("overrides", Override) ?? [],
        Environments = fields.Choices<DeploymentEnvironment>("environments"),
        DataModes = fields.Choices<DataMode>("dataModes"),
        LimitUsd = fields.Number("limitUsd"),
        LimitRequests = fields.Whole("limitRequests"),
        LimitTokens = fields.Whole("limitTokens"),
        Window = fields.Nested("window", Window) ?? new WindowDraft(),
        WarnAt = fields.Number("warnAt"),
        NotifyAt = fields.Numbers("notifyAt") ?? [],
        ForecastWarnAt = fields.Number("forecastWarnAt"),
        Cap = fields.Choice<Cap>("cap"),
        Confirmation = fields.Nested("confirmation", Confirmation) ?? new ConfirmationDraft(),
        DegradedMode = fields.Nested("degradedMode", DegradedMode),
        DegradeAt = fields.Choice<DegradeAt>("degradeAt"),
        BlockTier1 = fields.Flag("blockTier1"),
        UnkeyedLimitUsd = fields.Number("unkeyedLimitUsd"),
        HoldExpiry = fields.Choice<HoldExpiry>("holdExpiry"),
        BlockMessage = fields.Text("blockMessage"),
        Owner = fields.Text("owner"),
        Backup = fields.Text("backup"),
        Escalation = fields.Text("escalation"),
        TemporaryIncrease = fields.Nested("temporaryIncrease", Increase),
    };

    public static TierDraft Tier(DraftFields fields) => new()
    {
        Pattern = fields.Text("pattern"),
        Tier = fields.Small("tier"),
        Owner = fields.Text("owner"),
        DegradedMode = fields.Nested("degradedMode", DegradedMode),
        BlockMessage = fields.Text("blockMessage"),
        Notes = fields.Text("notes"),
        Reason = fields.Nested("reason", Reason),
    };

    public static ChannelDraft Channel(DraftFields fields) => new()
    {
        Name = fields.Text("name"), Kind = fields.Choice<ChannelKind>("kind"), Url = fields.Text("url"), Secret = fields.Text("secret"),
    };

    public static EscalationDraft Escalation(DraftFields fields) => new()
    {
        Name = fields.Text("name"),
        Steps = fields.NestedList("steps", Step) ?? [],
        FastSteps = fields.NestedList("fastSteps", Step) ?? [],
    };

    private static EscalationStepDraft Step(DraftFields fields) => new() { AfterMinutes = fields.Small("afterMinutes"), Notify = fields.Text("notify") };

    private static TierReasonDraft Reason(DraftFields fields) => new()
    {
        EarnsMoney = fields.Flag("earnsMoney"), IsPublic = fields.Flag("isPublic"), IsExpensive = fields.Flag("isExpensive"),
        IsEasyToAbuse = fields.Flag("isEasyToAbuse"),
    };

    public static SettingsDraft Settings(DraftFields fields) => new()
    {
        TimeZone = fields.Text("timeZone"),
        WeekStartsOn = fields.Choice<DayOfWeek>("weekStartsOn"),
        DefaultTier = fields.Small("defaultTier"),
        Observe = fields.Flag("observe"),
        CeilingPrice = fields.Nested("ceilingPrice", CeilingPrice),
        KeepsCeilingPrice = !fields.Has("ceilingPrice"),
        TenantFrom = fields.Choice<TenantSource>("tenantFrom"),
        DegradedModes = fields.Nested("degradedModes", TierModes),
        MuteWindows = fields.Texts("muteWindows"),
        Digests = fields.Nested("digests", nested => new DigestDraft { Notify = nested.Text("notify"), Daily = nested.Text("daily"), Weekly = nested.Text("weekly") }),
    };

    /// <summary>A whole policy; an object of a list keeps its id.</summary>
    public static PolicyDraft Policy(DraftFields fields) => new()
    {
        Budgets = fields.NestedList("budgets", item => new PolicyDraft.Item<BudgetDraft>(item.Text("id"), Budget(item))),
        Tiers = fields.NestedList("tiers", item => new PolicyDraft.Item<TierDraft>(item.Text("id"), Tier(item))),
        Escalations = fields.NestedList("escalations", item => new PolicyDraft.Item<EscalationDraft>(item.Text("id"), Escalation(item))),
        DefaultTier = fields.Small("defaultTier"),
        DegradedModes = fields.Nested("degradedModes", TierModes),
    };

    private static TierModesDraft TierModes(DraftFields fields) => new()
    {
        Tier1 = fields.Nested("tier1", DegradedMode), Tier2 = fields.Nested("tier2", DegradedMode), Tier3 = fields.Nested("tier3", DegradedMode),
    };

    private static ConditionDraft Condition(DraftFields fields) => new()
    {
        Dimension = fields.Choice<Dimension>("dimension"), Values = fields.Texts("values") ?? [],
    };

    private static OverrideDraft Override(DraftFields fields) => new()
    {
        Value = fields.Text("value"), LimitUsd = fields.Number("limitUsd"),
    };

    private static WindowDraft Window(DraftFields fields) => new()
    {
        Kind = fields.Choice<WindowKind>("kind"),
        TimeZone = fields.Text("timeZone"),
        WeekStartsOn = fields.Choice<DayOfWeek>("weekStartsOn"),
        AnchorDay = fields.Small("anchorDay"),
    };

    private static ConfirmationDraft Confirmation(DraftFields fields) => new()
    {
        Mode = fields.Choice<ConfirmationMode>("mode"),
        MinRate = fields.Number("minRate"),
        LongMinutes = fields.Small("longMinutes"),
        ShortMinutes = fields.Small("shortMinutes"),
        Ceiling = fields.Number("ceiling"),
    };

    private static DegradedModeDraft DegradedMode(DraftFields fields) => new()
    {
        Model = fields.Text("model"),
        MaxOutputTokens = fields.Small("maxOutputTokens"),
        MaxInputTokens = fields.Small("maxInputTokens"),
        DisableTools = fields.Flag("disableTools"),
        AllowedTools = fields.Texts("allowedTools"),
    };

    public static TemporaryIncreaseDraft Increase(DraftFields fields) => new()
    {
        AmountUsd = fields.Number("amountUsd"), Until = fields.Instant("until"), Reason = fields.Text("reason"), TakeBack = fields.Flag("takeBack"),
    };

    private static CeilingPriceDraft CeilingPrice(DraftFields fields) => new()
    {
        InputPerMillion = fields.Number("inputPerMillion"), OutputPerMillion = fields.Number("outputPerMillion"),
    };
}
