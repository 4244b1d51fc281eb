using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Reports;

/// <summary>Reads what each value of each dimension spent in two periods, to find what made the difference.</summary>
public sealed class SpendDrivers(SpendReports reports, Boards boards)
{
    /// <summary>The dimensions that a rise is explained by, in the order in which one asks.</summary>
    public static readonly IReadOnlyList<Dimension> Dimensions =
        [Dimension.EndpointTag, Dimension.TenantId, Dimension.UserId, Dimension.PromptVersion, Dimension.Model];

    /// <summary>Each dimension of which a request of either period has a value.</summary>
    /// <param name="query">Filters and the later period; what it groups by is ignored.</param>
    /// <param name="before">The earlier period.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<IReadOnlyList<DimensionSpend>> ReadAsync(SpendQuery query, TimeWindow before, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var isTenantTheUser = boards[query.WorkspaceId].Policy.Settings.TenantFrom == TenantSource.UserId;
        var read = new List<DimensionSpend>();
        foreach (var dimension in Dimensions.Where(dimension => dimension != Dimension.TenantId || !isTenantTheUser))
        {
            var (now, usual) = (await SumsAsync(query.Range, dimension), await SumsAsync(before, dimension));
            if (now.Concat(usual).Any(row => row.Value is not null))
            {
                read.Add(new DimensionSpend(dimension, now, usual));
            }
        }

        return read;

        async Task<IReadOnlyList<SpendRow>> SumsAsync(TimeWindow range, Dimension dimension) => (await reports.ReadAsync(
            query with { Range = range, GroupBy = dimension, ThenBy = null, Interval = null, Columns = null, WithLatency = false }, cancellation)).Rows;
    }
}

/// <summary>What each value of a dimension spent in two periods.</summary>
/// <param name="Dimension">The dimension.</param>
/// <param name="Now">The later period, a row for each value.</param>
/// <param name="Before">The earlier period.</param>
public sealed record DimensionSpend(Dimension Dimension, IReadOnlyList<SpendRow> Now, IReadOnlyList<SpendRow> Before)
{
    /// <summary>The values that rose, the greatest rise first.</summary>
    /// <param name="most">How many are given, at most.</param>
    public IReadOnlyList<Driver> Drivers(int most) => DriverBreakdown.Of(CostsOf(Now), CostsOf(Before), most);

    /// <summary>Every value and its change, up or down, the greatest first.</summary>
    public IReadOnlyList<Mover> Movers() => DriverBreakdown.Movers(CostsOf(Now), CostsOf(Before));

    private static IEnumerable<(string? Value, Usd Cost)> CostsOf(IReadOnlyList<SpendRow> rows) => rows.Select(row => (row.Value, row.Sums.Priced));
}
