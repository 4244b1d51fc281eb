namespace Opsmeter.Web.Hosting;

/// <summary>
/// Reads an instant as RFC 3339 has it: date, time to the second, optional fraction, offset. Stricter than the framework's
/// parsers, which take a time without an offset and guess one.
/// </summary>
public static class Rfc3339
{
    private const int DateLength = 10;
    private const int TimeLength = 19;
    private const string Example = "such as 2026-01-31T23:59:59Z or 2026-01-31T23:59:59.5+02:00";

    /// <summary>Why a number is refused: seconds and milliseconds since 1970 cannot be told apart safely.</summary>
    public const string NotANumber = "Must be RFC 3339 text " + Example + ", not a number.";

    /// <summary>Reads an instant; digits past 100 ns are dropped, a leap second counts as the next one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">The instant, UTC.</param>
    /// <returns>Null, or what the sender should change.</returns>
    public static string? TryParse(ReadOnlySpan<char> text, out DateTimeOffset value)
    {
        value = default;
        if (!text.IsEmpty && text.IndexOfAnyExceptInRange('0', '9') < 0)
        {
            return NotANumber;
        }

        const string Malformed = "Must be RFC 3339 text " + Example + ".";
        if (text.Length < DateLength || !TryDate(text[..DateLength], out var day))
        {
            return Malformed;
        }

        if (text.Length == DateLength)
        {
            return "Is a date alone; send date, time and offset, " + Example + ".";
        }

        if (text.Length < TimeLength || text[DateLength] is not ('T' or 't' or ' ')
            || !TryTime(text[(DateLength + 1)..TimeLength], out var time))
        {
            return Malformed;
        }

        var rest = text[TimeLength..];
        if (!TryFraction(ref rest, out var fraction))
        {
            return Malformed;
        }

        if (rest.IsEmpty)
        {
            return "Has no offset from UTC; end it with Z or an offset " + Example + ".";
        }

        if (!TryOffset(rest, out var offset))
        {
            return Malformed;
        }

        var ticks = day.ToDateTime(TimeOnly.MinValue).Ticks + time.Ticks + fraction - offset.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            return Malformed;
        }

        value = new DateTimeOffset(ticks, TimeSpan.Zero);
        return null;
    }

    private static bool TryDate(ReadOnlySpan<char> text, out DateOnly day)
    {
        day = default;
        if (text[4] != '-' || text[7] != '-' || !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month)
            || !TryDigits(text[8..10], out var dayOfMonth) || year < 1 || month is < 1 or > 12 || dayOfMonth < 1
            || dayOfMonth > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        day = new DateOnly(year, month, dayOfMonth);
        return true;
    }

    private static bool TryTime(ReadOnlySpan<char> text, out TimeSpan time)
    {
        time = default;
        if (text[2] != ':' || text[5] != ':' || !TryDigits(text[..2], out var hour) || !TryDigits(text[3..5], out var minute)
            || !TryDigits(text[6..8], out var second) || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        time = new TimeSpan(hour, minute, second);
        return true;
    }

    private static bool TryFraction(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest.IsEmpty || rest[0] != '.')
        {
            return true;
        }

        var end = rest[1..].IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? rest[1..] : rest[1..(end + 1)];
        for (var i = 0; i < 7; i++)
        {
            ticks = (ticks * 10) + (i < digits.Length ? digits[i] - '0' : 0);
        }

        rest = rest[(digits.Length + 1)..];
        return !digits.IsEmpty;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is "Z" or "z")
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':' || !TryDigits(text[1..3], out var hours)
            || !TryDigits(text[4..6], out var minutes) || hours > 23 || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0);
        offset = text[0] == '-' ? -offset : offset;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (var character in text)
        {
            if (character is < '0' or > '9')
            {
                return false;
            }

            value = (value * 10) + character - '0';
        }

        return true;
    }
}
