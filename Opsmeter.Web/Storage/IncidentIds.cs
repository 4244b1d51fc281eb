using System.Globalization;

namespace Opsmeter.Web.Storage;

/// <summary>The ids of incidents: a budget's id, a tilde, and the start of its window in whole seconds.</summary>
public static class IncidentIds
{
    /// <summary>The id of a budget's incident in a window.</summary>
    public static string Of(string budgetId, long windowStartTicks) => string.Create(CultureInfo.InvariantCulture, $"{budgetId}~{windowStartTicks / TimeSpan.TicksPerSecond}");
}
