using Opsmeter.Web.Components.Controls;

namespace Opsmeter.Web.Components.Charts;

/// <summary>A mark on the time axis: a line at a moment with a pin above it, or a band over a stretch.</summary>
/// <param name="From">The moment, or the band's start.</param>
/// <param name="To">The band's end, exclusive; null for a line.</param>
/// <param name="Label">What stands in the chart: a number on a pin, a word or two on a band. There is no room for more.</param>
/// <param name="Text">What it is, in full: read out, and shown under the pointer.</param>
/// <param name="Tone">Its colour.</param>
public sealed record ChartAnnotation(DateTimeOffset From, DateTimeOffset? To, string Label, string Text, Tone Tone = Tone.Neutral);
