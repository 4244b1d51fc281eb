using System.Globalization;
using AwesomeAssertions;
using CsCheck;
using Opsmeter.Core;
using Opsmeter.Web.Components.Controls;
using Xunit;

namespace Opsmeter.Tests.Components.Controls;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("0", "$0.00")]
    [InlineData("4218.37", "$4,218.37")]
    [InlineData("0.000084", "$0.000084")]
    [InlineData("0.000000001", "$0.000000001")]
    [InlineData("1234567.891", "$1,234,567.891")]
    [InlineData("-3.2", "\u2212$3.20")]
    public void Format_Amount_IsExact(string dollars, string text) => Money.Format(Of(dollars)).Should().Be(text);

    [Theory]
    [InlineData("0", "$0.00")]
    [InlineData("4218.374999999", "$4,218.37")]
    [InlineData("0.003295", "$0.0033")]
    [InlineData("0.000084", "$0.000084")]
    [InlineData("0.0000000012", "$0.000000001")]
    [InlineData("0.999", "$1.00")]
    [InlineData("0.1", "$0.10")]
    [InlineData("-0.0033", "\u2212$0.0033")]
    public void Rounded_Amount_KeepsItsSignificantDigits(string dollars, string text) =>
        Money.Rounded(Of(dollars)).Should().Be(text);

    [Theory]
    [InlineData("12", "$12")]
    [InlineData("1500", "$1.5\u00a0k")]
    [InlineData("999949", "$999.9\u00a0k")]
    [InlineData("999950", "$1\u00a0M")]
    [InlineData("21940000", "$21.9\u00a0M")]
    [InlineData("0.0012", "$0.0012")]
    public void Short_Amount_FitsAnAxis(string dollars, string text) => Money.Short(Of(dollars)).Should().Be(text);

    [Theory]
    [InlineData("498.1", "+$498.10")]
    [InlineData("-3.2", "\u2212$3.20")]
    [InlineData("0", "$0.00")]
    public void Change_Difference_CarriesItsSign(string dollars, string text) => Money.Change(Of(dollars)).Should().Be(text);

    [Fact]
    public void Format_AnyAmount_ReadsBackToTheSameNanoUsd() =>
        Gen.Long.Sample(nano =>
        {
            var text = Money.Format(new Usd(nano)).Replace("$", "", StringComparison.Ordinal).Replace('\u2212', '-');
            return decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture) == new Usd(nano).Dollars;
        });

    [Fact]
    public void Rounded_AnyAmountButZero_NeverReadsAsZeroNorInExponents() =>
        Gen.Long.Where(nano => nano != 0).Sample(nano =>
        {
            var text = Money.Rounded(new Usd(nano));
            return text.IndexOfAny(['1', '2', '3', '4', '5', '6', '7', '8', '9']) >= 0 && !text.Contains('E', StringComparison.Ordinal);
        });

    [Fact]
    public void Format_GermanCulture_StaysInvariant()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Money.Format(Of("4218.37")).Should().Be("$4,218.37");
            Count.Compact(1_280_413).Should().Be("1.28\u00a0M");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1_000, "1\u00a0k")]
    [InlineData(41_234, "41.2\u00a0k")]
    [InlineData(999_499, "999\u00a0k")]
    [InlineData(999_500, "1\u00a0M")]
    [InlineData(1_280_413, "1.28\u00a0M")]
    [InlineData(-2_500, "\u22122.5\u00a0k")]
    [InlineData(long.MaxValue, "9,223,372,037\u00a0B")]
    public void Compact_Count_HasThreeDigitsAndAMagnitude(long count, string text) => Count.Compact(count).Should().Be(text);

    private static Usd Of(string dollars) => Usd.FromDollars(decimal.Parse(dollars, CultureInfo.InvariantCulture));
}
