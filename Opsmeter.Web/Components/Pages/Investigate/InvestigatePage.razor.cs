using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Investigate;

/// <summary>Why spend changed: its parts, who moved, and the way from a spike to the feature, the tenant and the deploy.</summary>
public sealed partial class InvestigatePage(Investigations investigations)
{
    private static readonly Dictionary<string, DateTimeOffset> _none = [];

    private Investigation? _data;

    private string Against => View.Compare switch
    {
        ComparedWith.Previous => "the period before",
        ComparedWith.Week when _data is { } data && data.Range.Window.Length > TimeSpan.FromDays(7) => "as many weeks before",
        ComparedWith.Week => "the same hours a week before",
        ComparedWith.None => "",
    };

    // While nothing is read the tables have their places already. One value alone has no table: it is the whole change.
    private IEnumerable<Dimension> Shown => (_data is null ? SpendDrivers.Dimensions : _data.Dimensions.Select(each => each.Dimension))
        .Where(dimension => !View.Filters.Any(filter => filter.Dimension == dimension && filter.Values.Count == 1));

    /// <inheritdoc />
    protected override void Clear() => _data = investigations.Recent(Visitor.WorkspaceId, View);

    /// <inheritdoc />
    protected override async Task ReadAsync(SpendPeriod period, CancellationToken cancellation)
    {
        var data = await investigations.ReadAsync(period, cancellation);
        cancellation.ThrowIfCancellationRequested();
        _data = data;
    }
}
