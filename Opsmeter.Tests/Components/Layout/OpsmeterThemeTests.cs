using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using AwesomeAssertions;
using MudBlazor;
using MudBlazor.Utilities;
using Opsmeter.Web.Components.Layout;
using Xunit;

namespace Opsmeter.Tests.Components.Layout;

/// <summary>Reads the style sheet itself, so that a colour that fails to be readable fails here.</summary>
public sealed partial class OpsmeterThemeTests
{
    private const double Readable = 4.5;
    private const double Visible = 3;
    private const double Tint = 0.13;
    private static readonly string[] Surfaces = ["bg", "panel", "panel2"];

    [Theory]
    [InlineData("dark")]
    [InlineData("light")]
    public void Text_OnEverySurface_IsReadable(string mode)
    {
        var tokens = Tokens(mode);
        string[] texts = ["ink", "dim", "faint", "accent", "ok-text", "warn-text", "exceed-text", "degrade-text"];

        var failing = texts.SelectMany(text => Surfaces.Select(surface => (text, surface, Ratio: Ratio(tokens[text], tokens[surface]))))
            .Where(pair => pair.Ratio < Readable);

        failing.Should().BeEmpty();
    }

    [Theory]
    [InlineData("dark")]
    [InlineData("light")]
    public void ChipText_OnItsOwnTint_IsReadable(string mode)
    {
        var tokens = Tokens(mode);
        string[] states = ["ok", "warn", "exceed", "degrade"];

        var failing = states.SelectMany(state => Surfaces.Select(surface =>
                (state, surface, Ratio: Ratio(tokens[$"{state}-text"], Mix(tokens[state], tokens[surface], Tint)))))
            .Where(pair => pair.Ratio < Readable);

        failing.Should().BeEmpty();
    }

    [Theory]
    [InlineData("dark")]
    [InlineData("light")]
    public void Columns_AndEdges_AreVisibleOnPanels(string mode)
    {
        var tokens = Tokens(mode);
        string[] graphics = ["s1", "s2", "s3", "s4", "s5", "s6", "ok", "warn", "exceed", "degrade", "edge"];

        graphics.Where(graphic => Ratio(tokens[graphic], tokens["panel"]) < Visible).Should().BeEmpty();
        Ratio(tokens["on-accent"], tokens["accent"]).Should().BeGreaterThanOrEqualTo(Readable);
        Ratio(tokens["panel"], tokens["exceed-text"]).Should().BeGreaterThanOrEqualTo(Readable, "the danger button");
    }

    [Theory]
    [InlineData("dark")]
    [InlineData("light")]
    public void Palette_Colours_AreTheTokens(string mode)
    {
        var tokens = Tokens(mode);
        Palette palette = mode == "dark" ? OpsmeterTheme.Theme.PaletteDark : OpsmeterTheme.Theme.PaletteLight;
        var pairs = new Dictionary<string, MudColor>
        {
            ["bg"] = palette.Background,
            ["panel"] = palette.Surface,
            ["panel2"] = palette.BackgroundGray,
            ["ink"] = palette.TextPrimary,
            ["dim"] = palette.TextSecondary,
            ["faint"] = palette.TextDisabled,
            ["line"] = palette.Divider,
            ["edge"] = palette.LinesInputs,
            ["accent"] = palette.Primary,
            ["on-accent"] = palette.PrimaryContrastText,
            ["ok-text"] = palette.Success,
            ["warn-text"] = palette.Warning,
            ["exceed-text"] = palette.Error,
        };

        pairs.Where(pair => Hex(pair.Value) != tokens[pair.Key]).Select(pair => pair.Key).Should().BeEmpty();
    }

    [Theory]
    [InlineData("dark")]
    [InlineData("light")]
    public void Palette_TextOnFilledControls_IsReadable(string mode)
    {
        Palette palette = mode == "dark" ? OpsmeterTheme.Theme.PaletteDark : OpsmeterTheme.Theme.PaletteLight;
        (string Name, MudColor Text, MudColor Fill)[] pairs =
        [
            ("primary", palette.PrimaryContrastText, palette.Primary), ("secondary", palette.SecondaryContrastText, palette.Secondary),
            ("info", palette.InfoContrastText, palette.Info), ("success", palette.SuccessContrastText, palette.Success),
            ("warning", palette.WarningContrastText, palette.Warning), ("error", palette.ErrorContrastText, palette.Error),
        ];

        pairs.Where(pair => Ratio(Hex(pair.Text), Hex(pair.Fill)) < Readable).Select(pair => pair.Name).Should().BeEmpty();
    }

    private static string Hex(MudColor colour) => $"#{colour.R:x2}{colour.G:x2}{colour.B:x2}";

    private static Dictionary<string, string> Tokens(string mode, [CallerFilePath] string here = "")
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
        var blocks = File.ReadAllText(Path.Combine(root, "Opsmeter.Web", "wwwroot", "css", "tokens.css")).Split('}');
        var tokens = new Dictionary<string, string>();
        foreach (var block in mode == "dark" ? blocks.Take(1) : blocks.Take(2))
        {
            foreach (Match match in Token().Matches(block))
            {
                tokens[match.Groups[1].Value] = match.Groups[2].Value;
            }
        }

        return tokens;
    }

    private static string Mix(string colour, string under, double share)
    {
        var mixed = Channels(colour).Zip(Channels(under), (a, b) => (int)Math.Round((a * share) + (b * (1 - share))));
        return "#" + string.Concat(mixed.Select(channel => channel.ToString("x2", CultureInfo.InvariantCulture)));
    }

    // WCAG 2.2, relative luminance and contrast ratio.
    private static double Ratio(string a, string b)
    {
        var (first, second) = (Luminance(a), Luminance(b));
        return (Math.Max(first, second) + 0.05) / (Math.Min(first, second) + 0.05);
    }

    private static double Luminance(string colour)
    {
        var linear = Channels(colour)
            .Select(channel => channel / 255.0)
            .Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))
            .ToList();
        return (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
    }

    private static IEnumerable<int> Channels(string colour) =>
        Enumerable.Range(0, 3).Select(i => int.Parse(colour.AsSpan(1 + (2 * i), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"--([a-z0-9-]+):\s*(#[0-9a-f]{6});")]
    private static partial Regex Token();
}
