namespace Opsmeter.Web.Ingest;

/// <summary>
/// Reads the text of a JSON number exactly, without a detour over binary or rounded decimals: 0.1 stays 0.1, a hundred
/// digits are rounded once, and 1e400 is too large rather than infinite.
/// </summary>
internal static class JsonNumberText
{
    // 18 digits always fit into a long; every limit at the door is far below.
    private const int MaxDigits = 18;

    // An exponent past this decides the outcome whatever the digits are, since a body is shorter.
    private const int ExponentCap = 1_000_000_000;

    /// <summary>Scales a number by a power of ten and rounds it once, half to even.</summary>
    /// <param name="text">A number in JSON grammar.</param>
    /// <param name="decimals">The power of ten.</param>
    /// <param name="value">The scaled number, without its sign.</param>
    /// <param name="exact">True when nothing was rounded away.</param>
    /// <returns>False when the number carries a minus sign, zero included, or has more than 18 digits once scaled.</returns>
    public static bool TryScale(ReadOnlySpan<byte> text, int decimals, out long value, out bool exact)
    {
        value = 0;
        exact = true;
        if (text.IsEmpty || text[0] == (byte)'-')
        {
            return false;
        }

        var mantissa = text;
        long exponent = decimals;
        var e = text.IndexOfAny((byte)'e', (byte)'E');
        if (e >= 0)
        {
            mantissa = text[..e];
            exponent += Exponent(text[(e + 1)..]);
        }

        var point = mantissa.IndexOf((byte)'.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? default : mantissa[(point + 1)..];
        if (whole.SequenceEqual("0"u8))
        {
            whole = default;
        }

        if (whole.IsEmpty)
        {
            // Leading zeros of the fraction only move the point.
            var zeros = fraction.IndexOfAnyExcept((byte)'0');
            if (zeros < 0)
            {
                return true;
            }

            fraction = fraction[zeros..];
            exponent -= zeros;
        }

        return TryRound(whole, fraction, whole.Length + exponent, out value, out exact);
    }

    private static bool TryRound(
        ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction, long digits, out long value, out bool exact)
    {
        value = 0;
        exact = false;
        if (digits > MaxDigits)
        {
            return false;
        }

        if (digits < 0)
        {
            // Below a tenth of the unit, and not zero.
            return true;
        }

        var length = whole.Length + fraction.Length;
        for (var i = 0; i < digits; i++)
        {
            value = (value * 10) + (i < length ? Digit(whole, fraction, i) : 0);
        }

        if (digits >= length)
        {
            exact = true;
            return true;
        }

        var next = (int)digits;
        var half = Digit(whole, fraction, next);
        var beyond = false;
        for (var i = next + 1; i < length && !beyond; i++)
        {
            beyond = Digit(whole, fraction, i) != 0;
        }

        exact = half == 0 && !beyond;
        if (half > 5 || (half == 5 && (beyond || (value & 1) == 1)))
        {
            value++;
        }

        return true;
    }

    private static int Digit(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction, int index) =>
        (index < whole.Length ? whole[index] : fraction[index - whole.Length]) - '0';

    private static long Exponent(ReadOnlySpan<byte> text)
    {
        var negative = text[0] == (byte)'-';
        long exponent = 0;
        foreach (var character in text[(text[0] is (byte)'-' or (byte)'+' ? 1 : 0)..])
        {
            exponent = Math.Min((exponent * 10) + character - '0', ExponentCap);
        }

        return negative ? -exponent : exponent;
    }
}
