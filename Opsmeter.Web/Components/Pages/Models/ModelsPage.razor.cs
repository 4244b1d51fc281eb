using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Charts;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Models;

/// <summary>Spend by provider and model, with the tokens that make it.</summary>
public sealed partial class ModelsPage(ModelBreakdowns breakdowns)
{
    private ModelBreakdown? _data;

    private string Subtitle => _data is null ? "" : $"{ChartColumns.Words(_data.Period.Range.Size)}, {(Zone ?? TimeZoneInfo.Utc).Id}";

    private bool IsFiltered => View.Filters.Any(filter => filter.Dimension is Dimension.Model or Dimension.Provider);

    /// <inheritdoc />
    protected override void Clear() => _data = breakdowns.Recent(Visitor.WorkspaceId, View);

    /// <inheritdoc />
    protected override async Task ReadAsync(SpendPeriod period, CancellationToken cancellation)
    {
        var data = await breakdowns.ReadAsync(period, _data, cancellation);
        cancellation.ThrowIfCancellationRequested();
        _data = data;
    }
}
