namespace Opsmeter.Web.Reports;

/// <summary>Names a view at one of its ranges: the same until a column begins.</summary>
internal static class SlowKey
{
    /// <summary>The name.</summary>
    public static string Of(SpendPeriod period) =>
        $"{period.View.ToQuery()} {period.Range.Window.Start.UtcTicks} {period.Range.Window.End.UtcTicks} {period.Settings.TimeZone} {period.Settings.TenantFrom}";
}
