namespace Opsmeter.Web.Components.Controls;

/// <summary>How fresh what is on screen is.</summary>
public enum LiveState
{
    /// <summary>The page has just been sent; it does not move or answer yet.</summary>
    Connecting,

    /// <summary>It moves as requests come in.</summary>
    Live,

    /// <summary>The person stopped it, or the range ends in the past.</summary>
    Paused,

    /// <summary>The feed is away and being sought.</summary>
    Reconnecting,
}
