namespace Opsmeter.Web.Components.Charts;

/// <summary>A column for the browser.</summary>
/// <param name="Start">Its start in Unix milliseconds.</param>
/// <param name="Label">Its full name.</param>
/// <param name="Tick">What stands below it, or null.</param>
public sealed record ChartDataBucket(long Start, string Label, string? Tick);
