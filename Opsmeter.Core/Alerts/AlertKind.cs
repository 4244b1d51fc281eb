namespace Opsmeter.Core.Alerts;

/// <summary>What an alert is about; the later, the graver. Stored by value.</summary>
public enum AlertKind
{
    /// <summary>The state fell again by an edit or a correction, after worse was told.</summary>
    Recovered = 1,

    /// <summary>The warning was reached.</summary>
    Warning = 2,

    /// <summary>Callers are told to degrade.</summary>
    Degraded = 3,

    /// <summary>The limit was passed.</summary>
    Exceeded = 4,

    /// <summary>Callers are told to stop.</summary>
    Blocked = 5,
}
