namespace Opsmeter.Web.Components.Controls;

/// <summary>What a state chip says.</summary>
public enum ChipState
{
    /// <summary>Below the warning.</summary>
    Ok,

    /// <summary>At or above the warning.</summary>
    Warning,

    /// <summary>Above the limit.</summary>
    Exceeded,

    /// <summary>Callers are refused.</summary>
    Blocking,

    /// <summary>Callers are told to degrade.</summary>
    Degraded,
}
