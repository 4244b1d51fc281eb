using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Spend;

/// <summary>Says what the tables of spend say again and again.</summary>
internal static class SpendWords
{
    /// <summary>A share of 0 to 1: <c>61%</c>, <c>4.2%</c>, <c>&lt;0.1%</c>.</summary>
    public static string Share(decimal share) => Math.Abs(share) switch
    {
        0 => "0%",
        < 0.0005m => "<0.1%",
        < 0.0995m => Text(share * 100, "0.#") + "%",
        < 0.995m => Text(share * 100, "0") + "%",
        < 1 => ">99%",
        _ => "100%",
    };

    /// <summary>A share with its sign: <c>+2.1%</c>, <c>−0.4%</c>, <c>0%</c>.</summary>
    public static string Signed(decimal share) => (share > 0 ? "+" : share < 0 ? "\u2212" : "") + Percent(Math.Abs(share));

    /// <summary>A latency: <c>420 ms</c>, <c>8.1 s</c>.</summary>
    public static string Latency(int milliseconds) => milliseconds switch
    {
        < 1_000 => Text(milliseconds, "0") + "\u00a0ms",
        < 99_950 => Text(milliseconds / 1_000m, "0.0") + "\u00a0s",
        _ => Text(milliseconds / 1_000m, "#,##0") + "\u00a0s",
    };

    // From ten times on, a share of a hundred says nothing more, and has no room.
    private const decimal TooMuch = 9;
    private const decimal FarTooMuch = 999;

    /// <summary>A change in short: <c>▲ 212%</c>, <c>▲ 45×</c>, <c>new</c>; a dash where it cannot be said.</summary>
    public static string Short(ValueChange change) => change.Kind switch
    {
        ChangeKind.NotCompared or ChangeKind.Unpriced => "—",
        ChangeKind.New => "new",
        ChangeKind.Gone => "gone",
        ChangeKind.Same => "0%",
        ChangeKind.FromZero => "▲ from $0",
        ChangeKind.Moved when change.Ratio >= FarTooMuch => "▲ >1,000×",
        ChangeKind.Moved when change.Ratio >= TooMuch => $"▲ {Text(change.Ratio.Value + 1, "#,##0")}×",
        ChangeKind.Moved => (change.Difference > Usd.Zero ? "▲ " : "▼ ") + Percent(Math.Abs(change.Ratio ?? 0)),
    };

    /// <summary>The change exactly, for a hint.</summary>
    public static string Exact(ValueChange change) => change.Kind switch
    {
        ChangeKind.NotCompared => "Not compared with anything",
        ChangeKind.Unpriced => "Unpriced requests have no cost to compare",
        ChangeKind.New => "No request of it before",
        ChangeKind.Same => "Exactly as much as before",
        ChangeKind.Gone or ChangeKind.FromZero or ChangeKind.Moved =>
            (change.Difference > Usd.Zero ? "+" : "") + Money.Format(change.Difference) + " against the time compared with",
    };

    /// <summary>The colour of a change.</summary>
    public static Tone ToneOf(ValueChange change) => change.Kind switch
    {
        ChangeKind.NotCompared or ChangeKind.Unpriced or ChangeKind.Same => Tone.Neutral,
        ChangeKind.New or ChangeKind.Gone => Tone.Neutral,
        ChangeKind.FromZero or ChangeKind.Moved => change.Difference > Usd.Zero ? Tone.Exceeded : Tone.Ok,
    };

    /// <summary>A width in percent, for a style.</summary>
    public static string Width(decimal share) => Text(decimal.Clamp(share, 0, 1) * 100, "0.##") + "%";

    private static string Percent(decimal ratio) => ratio switch
    {
        0 => "0%",
        < 0.0005m => "<0.1%",
        < 0.0995m => Text(ratio * 100, "0.0") + "%",
        _ => Text(ratio * 100, "#,##0") + "%",
    };

    private static string Text(decimal value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
