using System.Globalization;

namespace Opsmeter.Core.Alerts;

/// <summary>
/// Hours in which surges and fast burns are known to come and are not told: <c>1 01:00-04:00</c> on the first of each month,
/// <c>monday 02:00-03:00</c>, <c>daily 23:30-00:30</c>. Local time; the start is inclusive, the end exclusive; one that ends
/// before it starts lasts into the next day.
/// </summary>
/// <param name="DayOfMonth">The day of the month, 1–31; null for any.</param>
/// <param name="DayOfWeek">The day of the week; null for any.</param>
/// <param name="From">When it starts.</param>
/// <param name="To">When it ends.</param>
public sealed record MuteWindow(int? DayOfMonth, DayOfWeek? DayOfWeek, TimeOnly From, TimeOnly To)
{
    private const string Daily = "daily";

    /// <summary>Reads one.</summary>
    /// <returns>Null where the text is none.</returns>
    public static MuteWindow? Parse(string? text)
    {
        var parts = text?.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (parts.Length != 2 || parts[1].Split('-', '–') is not [var from, var to] || !TryTime(from, out var start) || !TryTime(to, out var end) || start == end)
        {
            return null;
        }

        return parts[0].Equals(Daily, StringComparison.OrdinalIgnoreCase) ? new MuteWindow(null, null, start, end)
            : int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var day) ? day is >= 1 and <= 31 ? new MuteWindow(day, null, start, end) : null
            : Enum.TryParse<DayOfWeek>(parts[0], ignoreCase: true, out var week) ? new MuteWindow(null, week, start, end)
            : null;
    }

    /// <summary>True while it lasts.</summary>
    /// <param name="now">Now.</param>
    /// <param name="zone">The zone that its hours are in.</param>
    public bool Contains(DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var time = TimeOnly.FromTimeSpan(local.TimeOfDay);
        if (From < To)
        {
            return IsOn(local) && time >= From && time < To;
        }

        return (IsOn(local) && time >= From) || (IsOn(local.AddDays(-1)) && time < To);
    }

    private bool IsOn(DateTimeOffset local) => (DayOfMonth is not { } day || local.Day == day) && (DayOfWeek is not { } week || local.DayOfWeek == week);

    private static bool TryTime(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
