using System.Globalization;
using Microsoft.AspNetCore.Components;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Charts;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Overview;

/// <summary>The first page's chart: spend by column and value, with what it is compared with, spikes and deploys.</summary>
public sealed partial class SpendOverTime(NavigationManager navigation)
{
    private SpendTimeline? _marked;
    private IReadOnlyList<ChartAnnotation> _marks = [];

    /// <summary>The range's spend; null while it is read.</summary>
    [Parameter, EditorRequired]
    public Reports.Overview? Data { get; set; }

    /// <summary>Its spikes and deploys; null while they are read.</summary>
    [Parameter, EditorRequired]
    public SpendTimeline? Timeline { get; set; }

    /// <summary>What the page looks at.</summary>
    [Parameter, EditorRequired]
    public SpendView View { get; set; } = SpendView.Usual;

    /// <summary>What there is to stack by.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<Choice<Dimension>> Groupings { get; set; } = [];

    /// <summary>What the columns are stacked by.</summary>
    [Parameter, EditorRequired]
    public Dimension By { get; set; }

    /// <summary>Called with another dimension to stack by.</summary>
    [Parameter]
    public EventCallback<Dimension> ByChanged { get; set; }

    [CascadingParameter]
    private TimeZoneInfo? Zone { get; set; }

    private string Subtitle => Data is null ? "" : $"{ChartColumns.Words(Data.Stack.Range.Size)}, {(Zone ?? TimeZoneInfo.Utc).Id}";

    /// <summary>Marks the spikes, in their order, and then the deploys. Marks that are the same stay the same list.</summary>
    protected override void OnParametersSet()
    {
        if (ReferenceEquals(Timeline, _marked))
        {
            return;
        }

        _marked = Timeline;
        IReadOnlyList<ChartAnnotation> marks = Timeline is null
            ? []
            :
            [
                .. Timeline.Spikes.Select(spike => new ChartAnnotation(
                    spike.Window.Start, spike.Window.End, $"spike {DriverWords.Rise(spike)}",
                    $"Spike {DriverWords.Rise(spike)}: investigate {SpanText.Of(spike.Window, Zone)}", Tone.Exceeded)),
                .. Timeline.Deploys.Select((deploy, index) => new ChartAnnotation(
                    deploy.At, null, (index + 1).ToString(CultureInfo.InvariantCulture),
                    $"{deploy.EndpointTag} {deploy.PromptVersion}, first seen {SpanText.Moment(deploy.At, Zone)}")),
            ];
        _marks = marks.SequenceEqual(_marks) ? _marks : marks;
    }

    private void OpenMark(int mark)
    {
        if (Timeline is not { Spikes: var spikes, Deploys: var deploys })
        {
            return;
        }

        if (mark < spikes.Count)
        {
            navigation.NavigateTo(DriverWords.Investigate(View, spikes[mark].Window));
        }
        else if (mark - spikes.Count < deploys.Count)
        {
            navigation.NavigateTo(DeployLinks.AddressOf(deploys[mark - spikes.Count], View));
        }
    }

    private void Go(SpendView view) => navigation.NavigateTo(
        navigation.ToAbsoluteUri(navigation.Uri).GetLeftPart(UriPartial.Path)
        + view.ToQuery(("by", By == Dimension.EndpointTag ? null : System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(By.ToString()))));
}
