namespace Opsmeter.Web.Components.Charts;

/// <summary>A mark for the browser.</summary>
/// <param name="From">Its start in Unix milliseconds.</param>
/// <param name="To">Its end in Unix milliseconds; null for a line.</param>
/// <param name="Label">What stands in the chart.</param>
/// <param name="Text">What it is, in full.</param>
/// <param name="Tone">Its style class.</param>
public sealed record ChartDataNote(long From, long? To, string Label, string Text, string Tone);
