namespace Opsmeter.Web.Components.Controls;

/// <summary>What a colour says. The words beside it must say the same.</summary>
public enum Tone
{
    /// <summary>Nothing in particular.</summary>
    Neutral,

    /// <summary>Good: under control, or less than before.</summary>
    Ok,

    /// <summary>Close to a limit.</summary>
    Warning,

    /// <summary>Past a limit, or more than before.</summary>
    Exceeded,

    /// <summary>Degraded.</summary>
    Degraded,
}
