using Opsmeter.Core;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>What a spend report is about.</summary>
public sealed record SpendQuery
{
    public required int WorkspaceId { get; init; }

    /// <summary>From, inclusive, to, exclusive: exact instants.</summary>
    public required TimeWindow Range { get; init; }

    /// <summary>A row for each value of this dimension; null for one row.</summary>
    public Dimension? GroupBy { get; init; }

    /// <summary>A row for each pair of values of <see cref="GroupBy"/> and this dimension; null for the values of that alone.</summary>
    public Dimension? ThenBy { get; init; }

    /// <summary>A row for each hour, day, week or month of <see cref="TimeZone"/>; null for the whole range.</summary>
    public WindowKind? Interval { get; init; }

    /// <summary>Instead of an interval: a row for each of these stretches, from its start to the next one's; oldest first.</summary>
    public IReadOnlyList<DateTimeOffset>? Columns { get; init; }

    /// <summary>IANA zone of the intervals.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>First day of the intervals' weeks.</summary>
    public DayOfWeek WeekStartsOn { get; init; } = DayOfWeek.Monday;

    /// <summary>Only this environment; null for all.</summary>
    public DeploymentEnvironment? Environment { get; init; } = DeploymentEnvironment.Prod;

    /// <summary>Only this data mode; null for all.</summary>
    public DataMode? DataMode { get; init; } = Core.Telemetry.DataMode.Real;

    /// <summary>Only requests with one of these exact values, for each dimension named.</summary>
    public IReadOnlyDictionary<Dimension, IReadOnlyList<string>> Only { get; init; } =
        new Dictionary<Dimension, IReadOnlyList<string>>();

    /// <summary>True to read latency percentiles too.</summary>
    public bool WithLatency { get; init; }

    /// <summary>The most values of each dimension that are told apart; the cheapest beyond it are one row together.</summary>
    public int MostValues { get; init; } = SpendReports.MostOnAPage;

    /// <summary>What is summed besides requests and cost.</summary>
    public SpendMeasures Measures { get; init; } = SpendMeasures.All;
}
