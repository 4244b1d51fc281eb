using System.Globalization;

namespace Opsmeter.Web.Components.Controls;

/// <summary>Writes numbers of things for people.</summary>
public static class Count
{
    private const string Space = "\u00a0";

    /// <summary>Every digit: <c>1,280,413</c>.</summary>
    public static string Format(long count) => count.ToString("#,##0", CultureInfo.InvariantCulture);

    /// <summary>At most three significant digits and a magnitude: <c>950</c>, <c>41.2 k</c>, <c>1.28 M</c>.</summary>
    public static string Compact(long count)
    {
        var magnitude = Math.Abs((decimal)count);
        var sign = count < 0 ? "\u2212" : "";
        return magnitude switch
        {
            < 1_000 => sign + magnitude.ToString("0", CultureInfo.InvariantCulture),
            < 999_500 => sign + Three(magnitude / 1_000) + Space + "k",
            < 999_500_000 => sign + Three(magnitude / 1_000_000) + Space + "M",
            _ => sign + Three(magnitude / 1_000_000_000) + Space + "B",
        };
    }

    private static string Three(decimal value) => value switch
    {
        < 9.995m => value.ToString("0.##", CultureInfo.InvariantCulture),
        < 99.95m => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("#,##0", CultureInfo.InvariantCulture),
    };
}
