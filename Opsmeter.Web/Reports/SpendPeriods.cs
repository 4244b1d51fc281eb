using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Reports;

/// <summary>A view at one moment: its instants, columns and zone.</summary>
/// <param name="WorkspaceId">The workspace.</param>
/// <param name="View">The view.</param>
/// <param name="Range">Its range.</param>
/// <param name="Before">What it is compared with, or null.</param>
/// <param name="Now">The moment.</param>
/// <param name="Settings">The workspace's settings: zone and first day of the week.</param>
public sealed record SpendPeriod(int WorkspaceId, SpendView View, SpendRange Range, TimeWindow? Before, DateTimeOffset Now, WorkspaceSettings Settings)
{
    /// <summary>The query of the whole range: one row, with the view's filters; of requests and cost alone.</summary>
    public SpendQuery Query => new()
    {
        WorkspaceId = WorkspaceId,
        Range = Range.Window,
        TimeZone = Settings.TimeZone,
        WeekStartsOn = Settings.WeekStartsOn,
        Environment = View.Environment,
        DataMode = View.DataMode,
        Only = View.Only,
        Measures = SpendMeasures.Cost,
    };

    /// <summary>The same of the time it is compared with; null where it is compared with nothing.</summary>
    public SpendQuery? QueryBefore => Before is { } before ? Query with { Range = before } : null;

    /// <summary>The query with a row for each column and value.</summary>
    public SpendQuery ByColumn(Dimension? dimension) => Query with { GroupBy = dimension, Columns = Range.Starts };

    /// <summary>The time it is compared with, column by column; null where it is compared with nothing.</summary>
    public SpendQuery? ByColumnBefore => Before is { } before ? Query with { Range = before, Columns = Range.StartsBefore(View.Compare) } : null;
}

/// <summary>Says which instants a view means now.</summary>
public sealed class SpendPeriods(Boards boards, TimeProvider time)
{
    /// <summary>The view at this moment.</summary>
    public SpendPeriod Of(int workspaceId, SpendView view)
    {
        var (now, settings) = (time.GetUtcNow(), boards[workspaceId].Policy.Settings);
        var range = SpendRange.Of(view, now, settings.TimeZone, settings.WeekStartsOn);
        return new SpendPeriod(workspaceId, view, range, range.Before(view.Compare, now), now, settings);
    }
}
