namespace Opsmeter.Core.Budgets;

/// <summary>How far callers of a budget asked first and did as they were told, in its running window.</summary>
/// <param name="Spent">What was spent.</param>
/// <param name="Asked">Share of it whose callers asked, 0–1, or null.</param>
/// <param name="Obeyed">Share of what they were told that they did, 0–1; null while they were told nothing.</param>
/// <param name="WhileBlocked">What was spent while they were told to stop.</param>
public readonly record struct LintAsks(Usd Spent, decimal? Asked, decimal? Obeyed, Usd WhileBlocked);
