using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Pages.Spend;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages;

/// <summary>Says what moved spend and where to look closer, the same on every page.</summary>
internal static class DriverWords
{
    /// <summary>A dimension's name.</summary>
    public static string Name(Dimension dimension) => dimension switch
    {
        Dimension.EndpointTag => "Endpoint",
        Dimension.UserId => "User",
        Dimension.TenantId => "Tenant",
        Dimension.Provider => "Provider",
        Dimension.Model => "Model",
        Dimension.PromptVersion => "Prompt version",
        Dimension.ApiKey => "API key",
    };

    /// <summary>A value; requests without one have a name too.</summary>
    public static string Value(string? value) => value ?? DimensionWords.Unknown;

    /// <summary>How far a spike rises above what is usual: <c>+212%</c>.</summary>
    public static string Rise(SpendSpike spike) => spike.Baseline > Usd.Zero
        ? $"+{((decimal)(spike.Cost - spike.Baseline).Nano / spike.Baseline.Nano * 100).ToString("#,##0", CultureInfo.InvariantCulture)}%"
        : "from nothing";

    /// <summary>A share of a change: <c>91%</c>; negative for what moved against it.</summary>
    public static string Share(double? share) => share is { } known
        ? (Math.Round(known * 100) is var percent && percent < 0 ? "\u2212" : "") + Math.Abs(percent).ToString("#,##0", CultureInfo.InvariantCulture) + "%"
        : "—";

    /// <summary>
    /// Where a spike is taken apart: its hours as the range, against the same hours a week before, as its drivers are found.
    /// </summary>
    public static string Investigate(SpendView view, TimeWindow spike) => "investigate" + InSpike(view, spike).ToQuery();

    /// <summary>The same with one of its drivers alone; null for requests without a value, which no filter names.</summary>
    public static string? Investigate(SpendView view, TimeWindow spike, Dimension dimension, string? value) =>
        value is null ? null : "investigate" + InSpike(view, spike).With(dimension, value).ToQuery();

    private static SpendView InSpike(SpendView view, TimeWindow spike) => view.In(spike) with { Compare = ComparedWith.Week };
}
