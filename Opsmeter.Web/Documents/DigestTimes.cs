using System.Globalization;

namespace Opsmeter.Web.Documents;

/// <summary>Reads when digests go out.</summary>
public static class DigestTimes
{
    /// <summary>The time of each day; null where the text is none.</summary>
    public static TimeOnly? Daily(string? text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    /// <summary>The day and time of each week; null where the text is none.</summary>
    public static (DayOfWeek Day, TimeOnly Time)? Weekly(string? text) =>
        text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var day, var time] && !int.TryParse(day, CultureInfo.InvariantCulture, out _)
            && Enum.TryParse<DayOfWeek>(day, ignoreCase: true, out var of) && Daily(time) is { } at ? (of, at) : null;
}
