using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;

namespace Opsmeter.Web.Documents;

/// <summary>
/// Writes values as <see cref="DocumentJson"/> does, one by one: for the answers to every request of the apps, where looking
/// at types costs as much as all the rest.
/// </summary>
internal static class JsonValues
{
    // A sign, ten digits, a point and nine more.
    private const int MostDigits = 21;
    private const int Decimals = 9;

    /// <summary>Writes a number of dollars, exact, without zeros at its end; null where there is no amount.</summary>
    public static void WriteDollars(this Utf8JsonWriter json, ReadOnlySpan<byte> name, Usd? amount)
    {
        if (amount is not { } known)
        {
            json.WriteNull(name);
            return;
        }

        Span<byte> text = stackalloc byte[MostDigits];
        json.WritePropertyName(name);
        json.WriteRawValue(text[..Format(known, text)], skipInputValidation: true);
    }

    /// <summary>Writes an instant with its offset; null where there is none.</summary>
    public static void WriteInstant(this Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? instant)
    {
        if (instant is { } known)
        {
            json.WriteString(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Writes one of a few words; null where there is none.</summary>
    public static void WriteWord<T>(this Utf8JsonWriter json, ReadOnlySpan<byte> name, T? value)
        where T : struct, Enum
    {
        if (value is { } known)
        {
            json.WriteString(name, Words<T>.All[known]);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Writes what the callers of an endpoint do in place of the call they asked for; null where there is nothing.</summary>
    public static void WriteMode(this Utf8JsonWriter json, ReadOnlySpan<byte> name, DegradedMode? mode)
    {
        if (mode is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WritePropertyName(name);
        JsonSerializer.Serialize(json, DegradedModeDocument.Of(mode), DocumentJson.Options);
    }

    private static int Format(Usd amount, Span<byte> text)
    {
        var length = 0;
        if (amount.Nano < 0)
        {
            text[length++] = (byte)'-';
        }

        // The least long has no positive counterpart.
        var (whole, rest) = Math.DivRem(unchecked((ulong)(amount.Nano < 0 ? -amount.Nano : amount.Nano)), (ulong)Usd.NanoPerDollar);
        whole.TryFormat(text[length..], out var written, default, CultureInfo.InvariantCulture);
        length += written;
        if (rest == 0)
        {
            return length;
        }

        text[length++] = (byte)'.';
        rest.TryFormat(text[length..], out _, "D9", CultureInfo.InvariantCulture);
        return length + text.Slice(length, Decimals).TrimEnd((byte)'0').Length;
    }

    private static class Words<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, JsonEncodedText> All = Enum.GetValues<T>()
            .ToFrozenDictionary(value => value, value => JsonEncodedText.Encode(JsonNamingPolicy.CamelCase.ConvertName(value.ToString())));
    }
}
