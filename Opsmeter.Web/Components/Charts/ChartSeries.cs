namespace Opsmeter.Web.Components.Charts;

/// <summary>One colour of the columns.</summary>
/// <param name="Name">Its name, as the telemetry gives it; only ever shown as text.</param>
/// <param name="Values">Dollars, one for each bucket.</param>
/// <param name="Colour">The token of its colour, as <c>warn</c>; null for the next of the usual ones.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<decimal> Values, string? Colour = null)
{
    /// <summary>The name of the series that holds everything without a colour of its own; it comes last.</summary>
    public const string Other = "Other";
}
