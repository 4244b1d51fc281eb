namespace Opsmeter.Web.Policy;

/// <summary>How far a replay is.</summary>
/// <param name="Requests">Requests replayed so far.</param>
/// <param name="Done">The share of the time to replay, 0–1.</param>
public readonly record struct ReplayProgress(int Requests, double Done);
