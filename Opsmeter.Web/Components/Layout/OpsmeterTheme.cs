using MudBlazor;

namespace Opsmeter.Web.Components.Layout;

/// <summary>MudBlazor's theme with the values of <c>css/tokens.css</c>; a test holds the two together.</summary>
internal static class OpsmeterTheme
{
    private static readonly string[] Sans = ["Inter Variable", "system-ui", "sans-serif"];

    /// <summary>The theme for both modes.</summary>
    public static readonly MudTheme Theme = new()
    {
        PaletteDark = Dark(),
        PaletteLight = Light(),
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Sans, FontSize = ".875rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Sans, FontSize = ".875rem", FontWeight = "600", TextTransform = "none", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = Sans, FontSize = ".875rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = Sans, FontSize = ".8125rem", LineHeight = "1.45", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = Sans, FontSize = "1rem", FontWeight = "650", LetterSpacing = "normal" },
        },
    };

    private static PaletteDark Dark() => new()
    {
        Background = "#0f1318",
        Surface = "#161b22",
        BackgroundGray = "#1b222b",
        AppbarBackground = "#161b22",
        AppbarText = "#e6ebf2",
        DrawerBackground = "#161b22",
        DrawerText = "#e6ebf2",
        TextPrimary = "#e6ebf2",
        TextSecondary = "#93a1b3",
        TextDisabled = "#8391a3",
        ActionDefault = "#93a1b3",
        ActionDisabled = "#8391a3",
        Divider = "#262e39",
        LinesDefault = "#262e39",
        LinesInputs = "#667588",
        TableLines = "#262e39",
        Primary = "#5aa9ff",
        PrimaryContrastText = "#0b1420",
        Secondary = "#a78bfa",
        SecondaryContrastText = "#150d2b",
        Info = "#5aa9ff",
        InfoContrastText = "#0b1420",
        Success = "#3fb68b",
        SuccessContrastText = "#07150f",
        Warning = "#e8a93b",
        WarningContrastText = "#1a1204",
        Error = "#f47272",
        ErrorContrastText = "#200808",
    };

    private static PaletteLight Light() => new()
    {
        Background = "#f5f7fa",
        Surface = "#ffffff",
        BackgroundGray = "#f0f3f7",
        AppbarBackground = "#ffffff",
        AppbarText = "#17202b",
        DrawerBackground = "#ffffff",
        DrawerText = "#17202b",
        TextPrimary = "#17202b",
        TextSecondary = "#55636f",
        TextDisabled = "#5f6d7b",
        ActionDefault = "#55636f",
        ActionDisabled = "#5f6d7b",
        Divider = "#dde3ea",
        LinesDefault = "#dde3ea",
        LinesInputs = "#7a8896",
        TableLines = "#dde3ea",
        Primary = "#1769d2",
        PrimaryContrastText = "#ffffff",
        Secondary = "#5f3fc4",
        SecondaryContrastText = "#ffffff",
        Info = "#1769d2",
        InfoContrastText = "#ffffff",
        Success = "#156b4b",
        SuccessContrastText = "#ffffff",
        Warning = "#855600",
        WarningContrastText = "#ffffff",
        Error = "#b92525",
        ErrorContrastText = "#ffffff",
    };
}
