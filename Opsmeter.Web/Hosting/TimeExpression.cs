using System.Globalization;
using Opsmeter.Core.Metering;

namespace Opsmeter.Web.Hosting;

/// <summary>
/// An instant as addresses and reports have it: RFC 3339, or relative to now. <c>now-7d</c> is seven times 24 hours ago, <c>now-1M</c> this
/// time a month ago, <c>now/d</c> the start of today in a zone, <c>now-1d/d</c> the start of yesterday.
/// </summary>
public static class TimeExpression
{
    private const int MostDigits = 6;

    /// <summary>Reads an expression.</summary>
    /// <param name="text">The text.</param>
    /// <param name="now">What <c>now</c> is.</param>
    /// <param name="zone">The IANA zone of days, weeks and months.</param>
    /// <param name="weekStartsOn">The first day of a week.</param>
    /// <param name="instant">The instant.</param>
    /// <returns>Null, or what the sender should change.</returns>
    public static string? TryParse(
        string text, DateTimeOffset now, string zone, DayOfWeek weekStartsOn, out DateTimeOffset instant)
    {
        instant = now;
        if (!text.StartsWith("now", StringComparison.Ordinal))
        {
            return Rfc3339.TryParse(text, out instant);
        }

        var rest = text.AsSpan(3);
        if (rest.Length > 0 && rest[0] is '-')
        {
            var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits is <= 0 or > MostDigits)
            {
                return Malformed;
            }

            var count = int.Parse(rest.Slice(1, digits), NumberStyles.None, CultureInfo.InvariantCulture);
            if (TryBack(now, count, rest[1 + digits], zone, out instant) is { } wrong)
            {
                return wrong;
            }

            rest = rest[(digits + 2)..];
        }

        if (rest.IsEmpty)
        {
            return null;
        }

        if (rest.Length != 2 || rest[0] != '/' || !TryKind(rest[1], out var kind))
        {
            return Malformed;
        }

        var calendar = new WindowCalendar(new WindowSpec { Kind = kind, TimeZone = zone, WeekStartsOn = weekStartsOn });
        instant = calendar.WindowAt(instant).Start;
        return null;
    }

    private const string Malformed =
        "Must be an RFC 3339 time, or now, now-7d (m, h, d, w or M), now/d (start of h, d, w, M or y), or both: now-1d/d.";

    private static string? TryBack(DateTimeOffset now, int count, char unit, string zone, out DateTimeOffset instant)
    {
        instant = now;
        var isMonths = unit == 'M';
        var step = TimeSpan.FromDays(31);
        if (!isMonths && !TryStep(unit, out step))
        {
            return Malformed;
        }

        if (count * step.TotalDays > 36_500)
        {
            return "Reaches back further than 100 years.";
        }

        // A month is the zone's: the same local time on the same date of an earlier one, or on its last.
        instant = isMonths ? BackMonths(now, count, TimeZoneInfo.FindSystemTimeZoneById(zone)) : now - (count * step);
        return null;
    }

    private static DateTimeOffset BackMonths(DateTimeOffset now, int months, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        var start = WindowCalendar.StartOfDay(DateOnly.FromDateTime(local.AddMonths(-months)), zone);
        return start + local.TimeOfDay;
    }

    private static bool TryStep(char unit, out TimeSpan step)
    {
        step = unit switch
        {
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            'w' => TimeSpan.FromDays(7),
            _ => TimeSpan.Zero,
        };
        return step > TimeSpan.Zero;
    }

    private static bool TryKind(char unit, out WindowKind kind)
    {
        (var known, kind) = unit switch
        {
            'h' => (true, WindowKind.Hour),
            'd' => (true, WindowKind.Day),
            'w' => (true, WindowKind.Week),
            'M' => (true, WindowKind.Month),
            'y' => (true, WindowKind.Year),
            _ => (false, WindowKind.Day),
        };
        return known;
    }
}
