namespace Opsmeter.Web.Components.Controls;

/// <summary>How much of a moment is shown.</summary>
public enum TimePrecision
{
    /// <summary>The date: <c>23 Nov 2026</c>.</summary>
    Day,

    /// <summary>Date and time to the minute.</summary>
    Minute,

    /// <summary>Date and time to the second.</summary>
    Second,
}
