using System.Globalization;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Charts;

/// <summary>Names the columns of a range.</summary>
internal static class ChartColumns
{
    private const int HoursOfShortRange = 48;

    /// <summary>The columns, with a tick below every few of them.</summary>
    public static IReadOnlyList<ChartBucket> Of(SpendRange range, TimeZoneInfo zone)
    {
        var isShort = range.Starts.Count <= HoursOfShortRange;
        return [.. range.Starts.Select((start, index) =>
        {
            var local = TimeZoneInfo.ConvertTime(start, zone);
            return range.Interval == WindowKind.Hour
                ? new ChartBucket(start, Text(local, "ddd d MMM, HH:mm"), HourTick(local, isShort))
                : new ChartBucket(start, Text(local, "ddd d MMM yyyy"), index % 3 == 0 ? Text(local, "d MMM") : null);
        })];
    }

    private static string? HourTick(DateTimeOffset local, bool isShort) =>
        isShort ? (local.Hour % 3 == 0 ? Text(local, "HH:mm") : null)
        : local.Hour == 0 ? Text(local, "ddd d") : null;

    private static string Text(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
