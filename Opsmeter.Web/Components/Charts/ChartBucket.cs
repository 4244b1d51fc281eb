namespace Opsmeter.Web.Components.Charts;

/// <summary>One column: the time from its start to the start of the next.</summary>
/// <param name="Start">Its first moment, inclusive.</param>
/// <param name="Label">Its full name, as the table and the pointer show it: <c>Mon 23 Nov, 14:00</c>.</param>
/// <param name="Tick">What stands below it on the axis, or null for nothing.</param>
public sealed record ChartBucket(DateTimeOffset Start, string Label, string? Tick = null);
