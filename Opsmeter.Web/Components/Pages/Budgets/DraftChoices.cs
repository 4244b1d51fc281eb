using System.Globalization;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Controls;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>What there is to choose in the form.</summary>
internal static class DraftChoices
{
    /// <summary>The dimensions of conditions.</summary>
    public static IReadOnlyList<Choice<Dimension?>> Dimensions { get; } =
        [.. Enum.GetValues<Dimension>().Select(dimension => new Choice<Dimension?>(dimension, Upper(DraftWords.Name(dimension))))];

    /// <summary>How it counts.</summary>
    public static IReadOnlyList<Choice<Dimension?>> Per { get; } =
    [
        new(null, "Together"),
        .. Enum.GetValues<Dimension>().Select(dimension => new Choice<Dimension?>(dimension, $"Per {DraftWords.Name(dimension)}")),
    ];

    /// <summary>The environments.</summary>
    public static IReadOnlyList<Choice<DeploymentEnvironment>> Environments { get; } =
        [.. Enum.GetValues<DeploymentEnvironment>().Select(environment => new Choice<DeploymentEnvironment>(environment, Lower(environment.ToString())))];

    /// <summary>The data modes.</summary>
    public static IReadOnlyList<Choice<DataMode>> DataModes { get; } =
        [.. Enum.GetValues<DataMode>().Select(mode => new Choice<DataMode>(mode, Lower(mode.ToString())))];

    /// <summary>The kinds of windows.</summary>
    public static IReadOnlyList<Choice<WindowKind?>> Windows { get; } =
    [
        .. Enum.GetValues<WindowKind>().Select(kind => new Choice<WindowKind?>(
            kind, kind == WindowKind.Total ? "Total (never resets)" : DraftWords.Name(kind))),
    ];

    /// <summary>The first days of a week, from Monday on.</summary>
    public static IReadOnlyList<Choice<DayOfWeek?>> Days { get; } =
        [.. Enumerable.Range(1, 7).Select(day => (DayOfWeek)(day % 7)).Select(day => new Choice<DayOfWeek?>(day, day.ToString()))];

    /// <summary>The caps.</summary>
    public static IReadOnlyList<Choice<Cap?>> Caps { get; } =
        [.. Enum.GetValues<Cap>().Select(cap => new Choice<Cap?>(cap, DraftWords.Name(cap)))];

    /// <summary>What blocking waits for.</summary>
    public static IReadOnlyList<Choice<ConfirmationMode>> Confirmations { get; } =
        [new(ConfirmationMode.BurnRate, "After evidence"), new(ConfirmationMode.Immediate, "At once")];

    /// <summary>When degrading at the warning begins.</summary>
    public static IReadOnlyList<Choice<DegradeAt>> DegradeAts { get; } =
        [new(DegradeAt.Warning, "From the warning on"), new(DegradeAt.OverPlan, "Only while over plan")];

    /// <summary>What becomes of a hold that expires.</summary>
    public static IReadOnlyList<Choice<HoldExpiry>> HoldExpiries { get; } = [new(HoldExpiry.Charge, "Stays held"), new(HoldExpiry.Release, "Is released")];

    /// <summary>The zones of this machine's IANA database.</summary>
    public static IReadOnlyList<string> Zones { get; } =
    [
        .. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Where(id => TimeZones.TryFind(id, out _)).Append("UTC").Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A value that a dimension may have.</summary>
    public static string Example(Dimension dimension) => dimension switch
    {
        Dimension.EndpointTag => "chat.reply or agents.*",
        Dimension.UserId => "user_1842",
        Dimension.TenantId => "tenant_acme",
        Dimension.Provider => "openai",
        Dimension.Model => "gpt-5*",
        Dimension.PromptVersion => "v14",
        Dimension.ApiKey => "opm_1a2b3c4d",
    };

    private static string Upper(string text) => string.Concat(text[..1].ToUpper(CultureInfo.InvariantCulture), text[1..]);

    private static string Lower(string text) => text.ToLowerInvariant();
}
