namespace Opsmeter.Web.Components.Layout;

/// <summary>
/// The look of a page: what was chosen and what it comes to. The cookie keeps both (<c>system.dark</c>), so that the
/// server draws the right one even when the choice is left to the browser.
/// </summary>
/// <param name="Choice">What the person chose.</param>
/// <param name="Dark">True when the page is drawn dark.</param>
public sealed record Appearance(ThemeChoice Choice, bool Dark)
{
    /// <summary>The cookie's name; <c>js/theme.js</c> writes it.</summary>
    public const string CookieName = "opsmeter-theme";

    /// <summary>Before anything was chosen.</summary>
    public static readonly Appearance Default = new(ThemeChoice.System, Dark: true);

    /// <summary>The choice as the document's attribute spells it.</summary>
    public string Attribute => Choice switch
    {
        ThemeChoice.System => "system",
        ThemeChoice.Light => "light",
        ThemeChoice.Dark => "dark",
    };

    /// <summary>Reads the cookie; what it cannot read counts as not chosen, since anyone can write a cookie.</summary>
    public static Appearance Read(string? cookie) => cookie switch
    {
        "dark" => new(ThemeChoice.Dark, Dark: true),
        "light" => new(ThemeChoice.Light, Dark: false),
        "system.dark" => new(ThemeChoice.System, Dark: true),
        "system.light" => new(ThemeChoice.System, Dark: false),
        _ => Default,
    };
}
