namespace Opsmeter.Web.Components.Charts;

/// <summary>What was clicked.</summary>
/// <param name="Bucket">The column's index.</param>
/// <param name="Series">The name of the series clicked, or null when the whole column was.</param>
public sealed record ChartClick(int Bucket, string? Series);
