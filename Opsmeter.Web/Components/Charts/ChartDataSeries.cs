namespace Opsmeter.Web.Components.Charts;

/// <summary>A series for the browser.</summary>
/// <param name="Name">Its name, put into the page as text only.</param>
/// <param name="Colour">The token of its colour: <c>s1</c>.</param>
/// <param name="Values">Dollars, for drawing; the table has them exactly.</param>
public sealed record ChartDataSeries(string Name, string Colour, IReadOnlyList<decimal> Values);
