namespace Opsmeter.Web.Components.Controls;

/// <summary>The icons.</summary>
public enum IconName
{
    /// <summary>A triangle with a mark.</summary>
    Alert,

    /// <summary>A waste bin.</summary>
    Bin,

    /// <summary>A lightning bolt.</summary>
    Bolt,

    /// <summary>A bookmark.</summary>
    Bookmark,

    /// <summary>A line that branches off.</summary>
    Branch,

    /// <summary>A tick.</summary>
    Check,

    /// <summary>A clock.</summary>
    Clock,

    /// <summary>A cross.</summary>
    Close,

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

    /// <summary>A circle joined to a box.</summary>
    Endpoint,

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

    /// <summary>A pencil.</summary>
    Pencil,

    /// <summary>Two people.</summary>
    People,

    /// <summary>A screen.</summary>
    Screen,

    /// <summary>A magnifier.</summary>
    Search,

    /// <summary>Sliders.</summary>
    Sliders,

    /// <summary>A sun.</summary>
    Sun,
}
