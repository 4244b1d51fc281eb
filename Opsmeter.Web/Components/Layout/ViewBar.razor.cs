using Microsoft.AspNetCore.Components;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Layout;

/// <summary>
/// What a page of spend looks at, in the top bar. Every choice is a link to the same page with another view, so back, reload
/// and a pasted link restore it. Says below the bar what is unusual about the view. Section: <c>notices</c>.
/// </summary>
public sealed partial class ViewBar
{
    /// <summary>What the page looks at.</summary>
    [Parameter, EditorRequired]
    public SpendView View { get; set; } = SpendView.Usual;

    /// <summary>The view's instants; null before the first reading.</summary>
    [Parameter, EditorRequired]
    public SpendPeriod? Period { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private SpendView Production => View with { Environment = DeploymentEnvironment.Prod, DataMode = DataMode.Real };

    private IEnumerable<(Dimension Dimension, string Value)> Values =>
        View.Filters.SelectMany(filter => filter.Values.Select(value => (filter.Dimension, value)));

    private IReadOnlyList<ViewChoice> Comparisons =>
    [
        .. Enum.GetValues<ComparedWith>().Select(compare =>
            new ViewChoice(ViewWords.Compare(compare), View with { Compare = compare }, compare == View.Compare)),
    ];

    private IReadOnlyList<ViewChoice> Environments =>
    [
        .. Enum.GetValues<DeploymentEnvironment>().Cast<DeploymentEnvironment?>().Append(null).Select(environment =>
            new ViewChoice(ViewWords.Environment(environment), View with { Environment = environment }, environment == View.Environment)),
    ];

    private IReadOnlyList<ViewChoice> Modes =>
    [
        .. Enum.GetValues<DataMode>().Cast<DataMode?>().Append(null).Select(mode =>
            new ViewChoice(ViewWords.Data(mode), View with { DataMode = mode }, mode == View.DataMode)),
    ];
}
