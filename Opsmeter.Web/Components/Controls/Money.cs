using System.Globalization;
using Opsmeter.Core;

namespace Opsmeter.Web.Components.Controls;

/// <summary>Writes amounts of money for people. Always with the unit, never in scientific notation, in one culture.</summary>
public static class Money
{
    private const string Minus = "\u2212";
    private const string Space = "\u00a0";

    /// <summary>The exact amount: at least two decimals, as many as it has: <c>$4,218.37</c>, <c>$0.000084</c>.</summary>
    public static string Format(Usd amount) => Signed(amount, Exact(Magnitude(amount)));

    /// <summary>
    /// The amount rounded for reading: cents from one dollar on, else two significant digits, so that a small amount
    /// never reads as nothing: <c>$4,218.37</c>, <c>$0.0033</c>, <c>$0.000084</c>.
    /// </summary>
    public static string Rounded(Usd amount)
    {
        var dollars = Magnitude(amount);
        return Signed(amount, dollars is 0 or >= 1 ? dollars.ToString("#,##0.00", CultureInfo.InvariantCulture) : Significant(dollars));
    }

    /// <summary>A short form for axes and tight places: <c>$12</c>, <c>$1.5 k</c>, <c>$21.9 k</c>.</summary>
    public static string Short(Usd amount)
    {
        var dollars = Magnitude(amount);
        return dollars switch
        {
            0 => "$0",
            < 1 => Signed(amount, Significant(dollars)),
            < 1_000 => Signed(amount, dollars.ToString("0.##", CultureInfo.InvariantCulture)),
            < 999_950 => Signed(amount, (dollars / 1_000).ToString("0.#", CultureInfo.InvariantCulture) + Space + "k"),
            < 999_950_000 => Signed(amount, (dollars / 1_000_000).ToString("0.#", CultureInfo.InvariantCulture) + Space + "M"),
            _ => Signed(amount, (dollars / 1_000_000_000).ToString("0.#", CultureInfo.InvariantCulture) + Space + "B"),
        };
    }

    /// <summary>A difference, rounded and with its sign: <c>+$498.10</c>, <c>−$3.20</c>.</summary>
    public static string Change(Usd difference) =>
        difference > Usd.Zero ? "+" + Rounded(difference) : Rounded(difference);

    // The magnitude as dollars, not as nano-USD: the smallest long has no positive counterpart.
    private static decimal Magnitude(Usd amount) => Math.Abs(amount.Dollars);

    private static string Signed(Usd amount, string digits) => (amount < Usd.Zero ? Minus + "$" : "$") + digits;

    private static string Exact(decimal dollars) => dollars.ToString("#,##0.00#######", CultureInfo.InvariantCulture);

    // Below one dollar: two significant digits. 0.999 rounds up to one dollar, which then has its cents.
    private static string Significant(decimal dollars)
    {
        var decimals = 2;
        for (var scaled = dollars * 10; scaled < 1; scaled *= 10)
        {
            decimals++;
        }

        var rounded = decimal.Round(dollars, decimals, MidpointRounding.ToEven);
        return rounded.ToString("0.00#######", CultureInfo.InvariantCulture);
    }
}
