using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Which requests to list.</summary>
public sealed record RequestFilter
{
    /// <summary>Only this environment; null for all.</summary>
    public DeploymentEnvironment? Environment { get; init; } = DeploymentEnvironment.Prod;

    /// <summary>Only this data mode; null for all.</summary>
    public DataMode? DataMode { get; init; } = Core.Telemetry.DataMode.Real;

    /// <summary>Only requests with one of these exact values, for each dimension named.</summary>
    public IReadOnlyDictionary<Dimension, IReadOnlyList<string>> Only { get; init; } = new Dictionary<Dimension, IReadOnlyList<string>>();

    /// <summary>Only requests that occurred in it; null for any time.</summary>
    public TimeWindow? Range { get; init; }

    /// <summary>Only rows up to this place in the ledger; null for all.</summary>
    public long? UpToSeq { get; init; }

    /// <summary>Only rows that count: neither replaced nor taken back.</summary>
    public bool OnlyCounted { get; init; }

    /// <summary>Only ids that begin so.</summary>
    public string? IdPrefix { get; init; }

    /// <summary>Only calls that failed.</summary>
    public bool OnlyErrors { get; init; }

    /// <summary>Only requests without a price.</summary>
    public bool OnlyUnpriced { get; init; }

    /// <summary>Only ids under which more than one request counts, every revision of them.</summary>
    public bool OnlyConflicts { get; init; }
}

/// <summary>Where the next page begins: after this request.</summary>
public sealed record RequestCursor(long OccurredTicks, long Seq);

/// <summary>A page of requests, newest first; <paramref name="Next"/> is null on the last.</summary>
public sealed record RequestPage(IReadOnlyList<RequestItem> Items, RequestCursor? Next);
