using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Opsmeter.Core;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Layout;

/// <summary>Chooses the range: by name, or from one moment to another in the workspace's zone.</summary>
public sealed partial class RangeMenu
{
    private readonly FormErrors _errors = new();
    private ElementReference _menu;
    private SpendView? _shown;
    private DateTimeOffset? _from;
    private DateTimeOffset? _to;

    /// <summary>What the page looks at.</summary>
    [Parameter, EditorRequired]
    public SpendView View { get; set; } = SpendView.Usual;

    /// <summary>The view's instants; null before the first reading.</summary>
    [Parameter, EditorRequired]
    public SpendPeriod? Period { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        // What someone writes stays until another view is shown: the page draws itself again every second.
        if (Period is not null && View != _shown)
        {
            _shown = View;
            _from = Period.Range.Window.Start;
            _to = Period.Range.Window.End < Period.Now ? Period.Range.Window.End : WholeMinute(Period.Now);
            _errors.Clear();
        }
    }

    private static DateTimeOffset WholeMinute(DateTimeOffset moment) =>
        new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    private IReadOnlyList<ViewChoice> Presets(bool isCalendar) =>
    [
        .. SpendRange.Presets.Where(preset => preset.From.Contains('/', StringComparison.Ordinal) == isCalendar).Select(preset =>
            new ViewChoice(preset.Label, View.In(preset.From, preset.To), preset.From == View.From && preset.To == View.To)),
    ];

    private async Task ApplyAsync()
    {
        var errors = Check();
        _errors.Answer(errors);
        if (errors.Count == 0)
        {
            Navigation.NavigateTo(Navigation.WithView(View.In(new TimeWindow(_from!.Value, _to!.Value))));
            await MenuScript.CloseAsync(Js, _menu);
        }
    }

    private Dictionary<string, string[]> Check()
    {
        const string missing = "Choose a date and a time.";
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (_from is null)
        {
            errors["viewFrom"] = [missing];
        }

        if (_to is null)
        {
            errors["viewTo"] = [missing];
        }

        if (_from is { } from && _to is { } to && Period is { } period)
        {
            if (from >= to)
            {
                errors["viewTo"] = ["Choose a time after the start."];
            }
            else if (SpendRange.Of(View.In(new TimeWindow(from, to)), period.Now, period.Settings.TimeZone, period.Settings.WeekStartsOn).Problem is { } problem)
            {
                errors["viewTo"] = [problem];
            }
        }

        return errors;
    }
}
