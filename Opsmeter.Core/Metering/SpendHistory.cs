namespace Opsmeter.Core.Metering;

/// <summary>What was spent hour by hour, to learn a pace from.</summary>
/// <param name="Start">The start of the first hour; a whole UTC hour.</param>
/// <param name="Hours">Spend of each hour without a gap, oldest first; the last may still be running.</param>
/// <param name="Flagged">Stretches in which spend ran away; nothing is learned from the hours in them.</param>
public sealed record SpendHistory(DateTimeOffset Start, IReadOnlyList<Usd> Hours, IReadOnlyList<TimeWindow> Flagged);
