namespace Opsmeter.Core.Alerts;

/// <summary>What an alert is about; the later, the graver. Stored by value.</summary>
public enum AlertKind
{
    /// <summary>A further threshold of the budget, which asks for no more than to be told, was passed.</summary>
    Threshold = 0,

    /// <summary>The state fell again by an edit or a correction, after worse was told.</summary>
    Recovered = 1,

    /// <summary>The window is forecast to end past the ratio that was asked for.</summary>
    Forecast = 2,

    /// <summary>A window's limit is being spent many times too fast, before any threshold.</summary>
    BurnRate = 3,

    /// <summary>An endpoint, or a key of a budget, spends many times what is expected of it.</summary>
    Surge = 4,

    /// <summary>The warning was reached.</summary>
    Warning = 5,

    /// <summary>Callers are told to degrade.</summary>
    Degraded = 6,

    /// <summary>The limit was passed.</summary>
    Exceeded = 7,

    /// <summary>Callers are told to stop.</summary>
    Blocked = 8,

    /// <summary>A prompt version is dearer than the one before it.</summary>
    Drift = 11,

    /// <summary>Too many requests have no price.</summary>
    Unpriced = 12,

    /// <summary>No request has come while many were expected.</summary>
    NoTraffic = 13,
}
