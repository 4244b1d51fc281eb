using System.Globalization;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Charts;

/// <summary>Names the columns of a range.</summary>
internal static class ChartColumns
{
    private const int MostTicks = 12;

    /// <summary>The columns, with a tick below every few of them.</summary>
    public static IReadOnlyList<ChartBucket> Of(SpendRange range, TimeZoneInfo zone)
    {
        var locals = range.Starts.Append(range.Window.End).Select(moment => TimeZoneInfo.ConvertTime(moment, zone)).ToArray();
        var every = Math.Max(1, (int)Math.Ceiling(range.Starts.Count / (double)MostTicks));
        return [.. range.Starts.Select((start, index) => new ChartBucket(start, LabelOf(range.Size, locals, index), TickOf(range.Size, locals, index, every)))];
    }

    /// <summary>How the columns are made, for a heading.</summary>
    public static string Words(ColumnSize size) => size switch
    {
        ColumnSize.FiveMinutes => "by 5 minutes",
        ColumnSize.QuarterHour => "by 15 minutes",
        ColumnSize.Hour => "by hour",
        ColumnSize.ThreeHours => "by 3 hours",
        ColumnSize.Day => "by day",
        ColumnSize.Week => "by week",
        ColumnSize.Month => "by month",
    };

    private static string LabelOf(ColumnSize size, DateTimeOffset[] locals, int index) => size switch
    {
        ColumnSize.FiveMinutes or ColumnSize.QuarterHour or ColumnSize.ThreeHours =>
            $"{Text(locals[index], "ddd d MMM, HH:mm")}–{Text(locals[index + 1], "HH:mm")}",
        ColumnSize.Hour => Text(locals[index], "ddd d MMM, HH:mm"),
        ColumnSize.Day => Text(locals[index], "ddd d MMM yyyy"),
        ColumnSize.Week => $"week of {Text(locals[index], "ddd d MMM yyyy")}",
        ColumnSize.Month => Text(locals[index], "MMMM yyyy"),
    };

    private static string? TickOf(ColumnSize size, DateTimeOffset[] locals, int index, int every)
    {
        var local = locals[index];
        return size switch
        {
            ColumnSize.FiveMinutes => local.Minute % 15 == 0 ? Text(local, "HH:mm") : null,
            ColumnSize.QuarterHour => local.Minute == 0 ? Text(local, "HH:mm") : null,
            ColumnSize.Hour when locals.Length <= 26 => local.Hour % 3 == 0 ? Text(local, "HH:mm") : null,
            ColumnSize.Hour => local.Hour % 12 == 0 ? Text(local, local.Hour == 0 ? "ddd d" : "HH:mm") : null,
            ColumnSize.ThreeHours => local.Hour < 3 ? Text(local, "ddd d") : null,
            ColumnSize.Day or ColumnSize.Week => index % every == 0 ? Text(local, "d MMM") : null,
            ColumnSize.Month => index % every == 0 ? Text(local, "MMM yy") : null,
        };
    }

    private static string Text(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
