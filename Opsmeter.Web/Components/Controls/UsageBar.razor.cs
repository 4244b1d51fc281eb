using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Opsmeter.Web.Components.Controls;

/// <summary>How much of a limit is used, with marks for the warning, the limit and the forecast.</summary>
public sealed partial class UsageBar
{
    // The bar ends past the limit, so that an overshoot and a forecast above it are seen; what lies further is cut.
    private const decimal Scale = 1.2m;

    /// <summary>Whose use it is; read out.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>Used ÷ limit; 1 is the limit.</summary>
    [Parameter, EditorRequired]
    public decimal Ratio { get; set; }

    /// <summary>Where the warning is, as a share of the limit.</summary>
    [Parameter]
    public decimal WarnAt { get; set; } = 0.8m;

    /// <summary>Forecast ÷ limit, or null when there is none.</summary>
    [Parameter]
    public decimal? Forecast { get; set; }

    /// <summary>The state, which gives the colour.</summary>
    [Parameter, EditorRequired]
    public ChipState State { get; set; }

    private string AriaMax => decimal.Max(decimal.Ceiling(Ratio * 100), 100).ToString("0", CultureInfo.InvariantCulture);

    private string Description
    {
        get
        {
            var text = $"{Percent(Ratio)}% of the limit used, {State.Text()}; warning at {Percent(WarnAt)}%";
            return Forecast is { } forecast ? $"{text}; forecast {Percent(forecast)}%" : text;
        }
    }

    // Cut, not rounded: 99.96 % is not yet the limit.
    private static string Percent(decimal ratio) =>
        (decimal.Floor(ratio * 1000) / 10).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Position(decimal ratio) =>
        (decimal.Clamp(ratio / Scale, 0, 1) * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
