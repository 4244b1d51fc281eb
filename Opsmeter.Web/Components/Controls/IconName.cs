namespace Opsmeter.Web.Components.Controls;

/// <summary>The icons.</summary>
public enum IconName
{
    /// <summary>A triangle with a mark.</summary>
    Alert,

    /// <summary>A lightning bolt.</summary>
    Bolt,

    /// <summary>A tick.</summary>
    Check,

    /// <summary>Chart columns.</summary>
    Columns,

    /// <summary>A half-filled circle.</summary>
    Contrast,

    /// <summary>Two sheets.</summary>
    Copy,

    /// <summary>A cube.</summary>
    Cube,

    /// <summary>A chevron that points down.</summary>
    Down,

    /// <summary>A gauge with a needle.</summary>
    Gauge,

    /// <summary>A tray.</summary>
    Inbox,

    /// <summary>A keyboard.</summary>
    Keyboard,

    /// <summary>Sheets over each other.</summary>
    Layers,

    /// <summary>A door with an arrow out.</summary>
    Leave,

    /// <summary>Lines of a list.</summary>
    List,

    /// <summary>Three lines.</summary>
    Menu,

    /// <summary>A crescent.</summary>
    Moon,

    /// <summary>Two people.</summary>
    People,

    /// <summary>A plug.</summary>
    Plug,

    /// <summary>A screen.</summary>
    Screen,

    /// <summary>A magnifier.</summary>
    Search,

    /// <summary>Sliders.</summary>
    Sliders,

    /// <summary>A sun.</summary>
    Sun,
}
