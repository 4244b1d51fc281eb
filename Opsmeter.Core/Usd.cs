using System.Globalization;

namespace Opsmeter.Core;

/// <summary>
/// An amount of money: a whole number of nano-USD (1e-9 dollars). The default value is zero. Arithmetic is checked:
/// a result outside the range of <see cref="long"/> (about ±9.2 billion dollars) throws <see cref="OverflowException"/>.
/// Two amounts are equal when their nano-USD are.
/// </summary>
/// <param name="Nano">The amount in nano-USD.</param>
public readonly record struct Usd(long Nano) : IComparable<Usd>
{
    /// <summary>How many nano-USD make one dollar.</summary>
    public const long NanoPerDollar = 1_000_000_000;

    /// <summary>No money.</summary>
    public static readonly Usd Zero;

    /// <summary>The amount in dollars; exact, at most nine decimals.</summary>
    public decimal Dollars => Nano / (decimal)NanoPerDollar;

    /// <summary>Converts dollars to nano-USD, rounding once, half to even.</summary>
    /// <param name="dollars">An amount in dollars.</param>
    /// <exception cref="OverflowException">The amount does not fit.</exception>
    public static Usd FromDollars(decimal dollars) =>
        new(decimal.ToInt64(decimal.Round(dollars * NanoPerDollar, 0, MidpointRounding.ToEven)));

    /// <summary>The larger of two amounts.</summary>
    public static Usd Max(Usd a, Usd b) => a.Nano >= b.Nano ? a : b;

    /// <summary>Adds two amounts.</summary>
    public static Usd operator +(Usd a, Usd b) => new(checked(a.Nano + b.Nano));

    /// <summary>Subtracts one amount from another.</summary>
    public static Usd operator -(Usd a, Usd b) => new(checked(a.Nano - b.Nano));

    /// <summary>True when <paramref name="a"/> is less than <paramref name="b"/>.</summary>
    public static bool operator <(Usd a, Usd b) => a.Nano < b.Nano;

    /// <summary>True when <paramref name="a"/> is more than <paramref name="b"/>.</summary>
    public static bool operator >(Usd a, Usd b) => a.Nano > b.Nano;

    /// <summary>True when <paramref name="a"/> is at most <paramref name="b"/>.</summary>
    public static bool operator <=(Usd a, Usd b) => a.Nano <= b.Nano;

    /// <summary>True when <paramref name="a"/> is at least <paramref name="b"/>.</summary>
    public static bool operator >=(Usd a, Usd b) => a.Nano >= b.Nano;

    /// <inheritdoc />
    public int CompareTo(Usd other) => Nano.CompareTo(other.Nano);

    /// <summary>The dollars as plain decimal text without trailing zeros, culture-free: <c>0.000084</c>.</summary>
    public override string ToString() =>
        Dollars.ToString("0.#########", CultureInfo.InvariantCulture);
}
