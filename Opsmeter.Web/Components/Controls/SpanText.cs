using System.Globalization;
using Opsmeter.Core;

namespace Opsmeter.Web.Components.Controls;

/// <summary>Writes stretches of time for people, in a zone: <c>Thu 19 Nov 14:00–Fri 01:00</c>.</summary>
public static class SpanText
{
    /// <summary>The stretch.</summary>
    public static string Of(TimeWindow span, TimeZoneInfo? zone)
    {
        var (from, to) = (Local(span.Start, zone), Local(span.End, zone));
        var end = from.Date == to.Date || (to.TimeOfDay == TimeSpan.Zero && from.Date == to.Date.AddDays(-1))
            ? Text(to, "HH:mm")
            : span.Length <= TimeSpan.FromDays(1) ? Text(to, "ddd HH:mm") : Text(to, "ddd d MMM HH:mm");
        return $"{Text(from, "ddd d MMM HH:mm")}–{end}";
    }

    /// <summary>One moment of it: <c>Thu 19 Nov 12:04</c>.</summary>
    public static string Moment(DateTimeOffset moment, TimeZoneInfo? zone) => Text(Local(moment, zone), "ddd d MMM HH:mm");

    private static DateTimeOffset Local(DateTimeOffset moment, TimeZoneInfo? zone) => TimeZoneInfo.ConvertTime(moment, zone ?? TimeZoneInfo.Utc);

    private static string Text(DateTimeOffset local, string format) => local.ToString(format, CultureInfo.InvariantCulture);
}
