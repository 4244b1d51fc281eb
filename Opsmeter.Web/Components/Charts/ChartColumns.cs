using System.Globalization;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Charts;

/// <summary>Names the columns of a range.</summary>
internal static class ChartColumns
{
    /// <summary>The columns, with a tick below every few of them.</summary>
    public static IReadOnlyList<ChartBucket> Of(SpendRange range, TimeZoneInfo zone)
    {
        var locals = range.Starts.Append(range.Starts[^1].AddHours(range.HoursOfColumn)).Select(start => TimeZoneInfo.ConvertTime(start, zone)).ToArray();
        return [.. range.Starts.Select((start, index) => range.HoursOfColumn switch
        {
            0 => new ChartBucket(start, Text(locals[index], "ddd d MMM yyyy"), index % 3 == 0 ? Text(locals[index], "d MMM") : null),
            1 => new ChartBucket(start, Text(locals[index], "ddd d MMM, HH:mm"), locals[index].Hour % 3 == 0 ? Text(locals[index], "HH:mm") : null),
            var hours => new ChartBucket(
                start, $"{Text(locals[index], "ddd d MMM, HH:mm")}–{Text(locals[index + 1], "HH:mm")}",
                locals[index].Hour < hours ? Text(locals[index], "ddd d") : null),
        })];
    }

    private static string Text(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
