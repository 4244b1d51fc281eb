namespace Opsmeter.Core.Telemetry;

/// <summary>Whether a request is real traffic. Budgets count <see cref="Real"/> alone unless told otherwise.</summary>
public enum DataMode
{
    /// <summary>Real traffic.</summary>
    Real,

    /// <summary>Sent by a test.</summary>
    Test,

    /// <summary>Invented for a demonstration.</summary>
    Demo,
}
