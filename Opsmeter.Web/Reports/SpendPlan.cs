using System.Globalization;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Reports;

/// <summary>How a query is read: its filters and columns in the store's terms.</summary>
internal sealed class SpendPlan
{
    private readonly long[] _starts;

    public SpendPlan(SpendQuery query, TenantSource tenants, Func<Dimension, IReadOnlyCollection<string>, HashSet<int>> idsOf)
    {
        Query = query;
        _tenants = tenants;
        Groups = [.. new[] { query.GroupBy, query.ThenBy }.OfType<Dimension>().Select(ColumnOf)];
        Filters = FiltersOf(query, idsOf);
        (_starts, ColumnStarts) = ColumnsOf(query);
    }

    private readonly TenantSource _tenants;

    public SpendQuery Query { get; }

    /// <summary>The dimensions that rows are grouped by, at most two.</summary>
    public IReadOnlyList<FactColumn> Groups { get; }

    /// <summary>The values that count, for each dimension filtered by.</summary>
    public IReadOnlyList<(FactColumn Column, HashSet<int> Ids)> Filters { get; }

    /// <summary>The start of each column as rows show it; empty without columns.</summary>
    public IReadOnlyList<DateTimeOffset> ColumnStarts { get; }

    public bool HasColumns => _starts.Length > 0;

    /// <summary>
    /// True where cells of a quarter-hour cannot tell: they know no user and no tenant, and a column may begin inside one.
    /// </summary>
    public bool NeedsRows => Groups.Concat(Filters.Select(filter => filter.Column)).Any(column => column is FactColumn.User or FactColumn.Tenant)
        || _starts.Skip(1).Any(start => start % QuarterHour.Ticks != 0);

    /// <summary>Every dimension that has to be read.</summary>
    public IReadOnlyList<FactColumn> Dimensions => [.. Groups.Concat(Filters.Select(filter => filter.Column)).Append(FactColumn.Scope).Distinct()];

    /// <summary>Whether an environment and data mode count.</summary>
    public bool Counts(int scope) =>
        (Query.Environment is null || Fact.EnvironmentOf(scope) == Query.Environment)
        && (Query.DataMode is null || Fact.ModeOf(scope) == Query.DataMode);

    /// <summary>The column that an instant of the range lies in.</summary>
    public int ColumnAt(long ticks)
    {
        var found = Array.BinarySearch(_starts, ticks);
        return Math.Max(0, found >= 0 ? found : ~found - 1);
    }

    /// <summary>False for a batch that has none of the values filtered by.</summary>
    public bool Wants(FactBatch batch) =>
        Filters.All(filter => Array.Exists(batch.Values(filter.Column), filter.Ids.Contains))
        && Array.Exists(batch.Values(FactColumn.Scope), Counts);

    /// <summary>False where it is narrowed to the dearest values of the moment: at the next reading those are others.</summary>
    public bool Recurs => Filters.All(filter => filter.Ids.Count < SpendStacks.MostValues);

    /// <summary>
    /// What a scan of the plan sums, apart from its end: the same text means the same groups, columns and measures of the same facts.
    /// </summary>
    public string KeyOf(FactScan scan) => string.Join(
        '|',
        [
            Numbers([Query.WorkspaceId, scan.FromTicks, scan.Rows ? 1 : 0, (long?)Query.Environment ?? -1, (long?)Query.DataMode ?? -1]),
            Numbers(Groups.Select(column => (long)column)), Numbers(scan.Measures.Select(column => (long)column)), Numbers(_starts),
            .. Filters.Select(filter => Numbers(filter.Ids.Order().Select(id => (long)id).Prepend((long)filter.Column))),
        ]);

    /// <summary>The measures that a query sums.</summary>
    public static IReadOnlyList<FactColumn> MeasuresOf(SpendMeasures measures)
    {
        List<FactColumn> columns = [FactColumn.Requests, FactColumn.Errors, FactColumn.Unpriced, FactColumn.Cost];
        if (measures.HasFlag(SpendMeasures.Tokens))
        {
            columns.AddRange(
                [FactColumn.Input, FactColumn.Output, FactColumn.Cached, FactColumn.CacheWrite, FactColumn.Reasoning, FactColumn.Audio, FactColumn.UnpricedTokens]);
        }

        if (measures.HasFlag(SpendMeasures.Reported))
        {
            columns.AddRange([FactColumn.ReportedRequests, FactColumn.Reported, FactColumn.ReportedComputed]);
        }

        return columns;
    }

    private static string Numbers(IEnumerable<long> numbers) => string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Where senders put the tenant in userId, that is where a tenant is read.</summary>
    private FactColumn ColumnOf(Dimension dimension) => dimension switch
    {
        Dimension.EndpointTag => FactColumn.Endpoint,
        Dimension.UserId => FactColumn.User,
        Dimension.TenantId => _tenants == TenantSource.UserId ? FactColumn.User : FactColumn.Tenant,
        Dimension.Provider => FactColumn.Provider,
        Dimension.Model => FactColumn.Model,
        Dimension.PromptVersion => FactColumn.Version,
        Dimension.ApiKey => FactColumn.Key,
    };

    private List<(FactColumn Column, HashSet<int> Ids)> FiltersOf(SpendQuery query, Func<Dimension, IReadOnlyCollection<string>, HashSet<int>> idsOf)
    {
        var filters = new List<(FactColumn Column, HashSet<int> Ids)>();
        foreach (var (dimension, values) in query.Only)
        {
            var read = dimension == Dimension.TenantId && _tenants == TenantSource.UserId ? Dimension.UserId : dimension;
            filters.Add((ColumnOf(dimension), idsOf(read, values)));
        }

        return filters;
    }

    private static (long[] Starts, DateTimeOffset[] Shown) ColumnsOf(SpendQuery query)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(query.TimeZone);
        if (query.Columns is { } columns)
        {
            return ([.. columns.Select(start => start.UtcTicks)], [.. columns.Select(start => TimeZoneInfo.ConvertTime(start, zone))]);
        }

        if (query.Interval is not { } kind)
        {
            return ([], []);
        }

        var calendar = new WindowCalendar(new WindowSpec { Kind = kind, TimeZone = query.TimeZone, WeekStartsOn = query.WeekStartsOn });
        var starts = new List<DateTimeOffset>();
        for (var window = calendar.WindowAt(query.Range.Start); window.Start < query.Range.End; window = calendar.Next(window))
        {
            starts.Add(window.Start);
        }

        return ([.. starts.Select(start => start.UtcTicks)], [.. starts.Select(start => TimeZoneInfo.ConvertTime(start, zone))]);
    }
}
