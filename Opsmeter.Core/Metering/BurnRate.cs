namespace Opsmeter.Core.Metering;

/// <summary>
/// How fast a limit is being used, and where that leads. The pace 1.0 uses exactly the limit over the whole window.
/// The multi-window form follows the burn-rate alerts of Google's SRE Workbook, chapter 5.
/// </summary>
public static class BurnRate
{
    /// <summary>
    /// <c>(used in the last w ÷ w) ÷ (limit ÷ length of the window)</c>, or null for a window without length or a limit of zero.
    /// </summary>
    /// <param name="usedInLast">What was used in the last <paramref name="w"/>.</param>
    /// <param name="w">The span looked back over; above zero.</param>
    /// <param name="limit">The limit in force, in the same unit.</param>
    /// <param name="window">The budget's window.</param>
    public static decimal? Of(long usedInLast, TimeSpan w, long limit, TimeWindow window) =>
        window.IsTotal || limit <= 0
            ? null
            : usedInLast / (decimal)limit * (window.Length.Ticks / (decimal)w.Ticks);

    /// <summary>
    /// Where the window is heading at the pace of the last w:
    /// <c>used + used in the last w ÷ expected of the last w × expected of the rest of the window</c>. Null for a window
    /// without length.
    /// </summary>
    /// <param name="used">What the window has used so far.</param>
    /// <param name="usedInLast">What was used in the last <paramref name="w"/>.</param>
    /// <param name="w">The span looked back over; above zero.</param>
    /// <param name="t">The moment of evaluation.</param>
    /// <param name="window">The budget's window.</param>
    /// <param name="expected">How use is expected to spread.</param>
    public static decimal? End(long used, long usedInLast, TimeSpan w, DateTimeOffset t, TimeWindow window, ExpectedProfile expected) =>
        window.IsTotal ? null : used + (usedInLast * expected.RestToLast(t, w, window.End));
}
