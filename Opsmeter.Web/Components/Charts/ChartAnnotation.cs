using Opsmeter.Web.Components.Controls;

namespace Opsmeter.Web.Components.Charts;

/// <summary>A mark on the time axis: a line at a moment, or a band over a stretch.</summary>
/// <param name="From">The moment, or the band's start.</param>
/// <param name="To">The band's end, exclusive; null for a line.</param>
/// <param name="Text">What it is.</param>
/// <param name="Tone">Its colour.</param>
public sealed record ChartAnnotation(DateTimeOffset From, DateTimeOffset? To, string Text, Tone Tone = Tone.Neutral);
