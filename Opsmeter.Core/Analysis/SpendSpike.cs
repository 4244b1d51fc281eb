namespace Opsmeter.Core.Analysis;

/// <summary>Hours in which far more was spent than usually at that time of the week.</summary>
/// <param name="Window">Whole UTC hours.</param>
/// <param name="Cost">What was spent in them.</param>
/// <param name="Baseline">What would have been usual; an estimate.</param>
/// <param name="Score">The highest robust z of its hours.</param>
public sealed record SpendSpike(TimeWindow Window, Usd Cost, Usd Baseline, double Score);
