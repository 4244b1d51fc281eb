namespace Opsmeter.Web.Components.Layout;

/// <summary>What a person asked the pages to look like.</summary>
public enum ThemeChoice
{
    /// <summary>As the operating system or browser says.</summary>
    System,

    /// <summary>Light, always.</summary>
    Light,

    /// <summary>Dark, always.</summary>
    Dark,
}
