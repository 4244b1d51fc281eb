namespace Opsmeter.Core.Alerts;

/// <summary>What an alert is about; the later, the graver. Stored by value.</summary>
public enum AlertKind
{
    /// <summary>The state fell again by an edit or a correction, after worse was told.</summary>
    Recovered = 1,

    /// <summary>The window is forecast to end past the ratio that was asked for.</summary>
    Forecast = 2,

    /// <summary>The warning was reached.</summary>
    Warning = 3,

    /// <summary>Callers are told to degrade.</summary>
    Degraded = 4,

    /// <summary>The limit was passed.</summary>
    Exceeded = 5,

    /// <summary>Callers are told to stop.</summary>
    Blocked = 6,
}
