using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Storage.Facts;

/// <summary>
/// What one row of the ledger adds to sums, or takes from them where it was replaced or taken back: dimensions by id (0 for
/// none), money in nano-USD.
/// </summary>
public readonly record struct Fact
{
    private const int ModeShift = 2;

    public required long Seq { get; init; }

    /// <summary>The correction that takes the row back; 0 where the row is added.</summary>
    public required long CorrectionId { get; init; }
    public required long OccurredTicks { get; init; }
    public required int Scope { get; init; }
    public required int Endpoint { get; init; }
    public required int Provider { get; init; }
    public required int Model { get; init; }
    public required int Version { get; init; }
    public required int Key { get; init; }
    public required int User { get; init; }
    public required int Tenant { get; init; }
    public required bool IsError { get; init; }

    /// <summary>Null where no price was found.</summary>
    public required long? CostNano { get; init; }
    public required long? ReportedNano { get; init; }
    public required int Input { get; init; }
    public required int Output { get; init; }
    public required int Cached { get; init; }
    public required int CacheWrite { get; init; }
    public required int Reasoning { get; init; }
    public required int Audio { get; init; }
    public required int LatencyMs { get; init; }

    /// <summary>1 where it adds, -1 where it takes back.</summary>
    public int Sign => CorrectionId == 0 ? 1 : -1;

    /// <summary>Environment and data mode as one value of a column.</summary>
    public static int ScopeOf(DeploymentEnvironment environment, DataMode mode) => (int)environment | ((int)mode << ModeShift);

    /// <summary>The environment in a value of <see cref="FactColumn.Scope"/>.</summary>
    public static DeploymentEnvironment EnvironmentOf(int scope) => (DeploymentEnvironment)(scope & ((1 << ModeShift) - 1));

    /// <summary>The data mode in a value of <see cref="FactColumn.Scope"/>.</summary>
    public static DataMode ModeOf(int scope) => (DataMode)(scope >> ModeShift);

    /// <summary>The fact of a stored row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="correctionId">The correction that takes it back, or 0.</param>
    public static Fact Of(in StoredRow row, long correctionId) => new()
    {
        Seq = row.Seq,
        CorrectionId = correctionId,
        OccurredTicks = row.OccurredAt.UtcTicks,
        Scope = ScopeOf(row.Environment, row.DataMode),
        Endpoint = checked((int)row.EndpointId),
        Provider = checked((int)row.ProviderId),
        Model = checked((int)row.ModelId),
        Version = checked((int)row.VersionId),
        Key = checked((int)(row.KeyId ?? 0)),
        User = checked((int)(row.UserId ?? 0)),
        Tenant = checked((int)(row.TenantId ?? 0)),
        IsError = row.IsError,
        CostNano = row.Cost?.Nano,
        ReportedNano = row.Reported?.Nano,
        Input = checked((int)row.Usage.Input),
        Output = checked((int)row.Usage.Output),
        Cached = checked((int)row.Usage.Cached),
        CacheWrite = checked((int)row.Usage.CacheWrite),
        Reasoning = checked((int)row.Usage.Reasoning),
        Audio = checked((int)(row.Usage.AudioInput + row.Usage.AudioOutput)),
        LatencyMs = row.LatencyMs,
    };

    /// <summary>The value of a dimension.</summary>
    public int Code(FactColumn dimension) => dimension switch
    {
        FactColumn.Scope => Scope,
        FactColumn.Endpoint => Endpoint,
        FactColumn.Provider => Provider,
        FactColumn.Model => Model,
        FactColumn.Version => Version,
        FactColumn.Key => Key,
        FactColumn.User => User,
        FactColumn.Tenant => Tenant,
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "Is not a dimension."),
    };

    /// <summary>What it adds to a sum, or the value of any other column.</summary>
    public long Measure(FactColumn column) => column switch
    {
        FactColumn.Time => OccurredTicks,
        FactColumn.Requests => Sign,
        FactColumn.Errors => IsError ? Sign : 0,
        FactColumn.Unpriced => CostNano is null ? Sign : 0,
        FactColumn.Cost => Sign * (CostNano ?? 0),
        FactColumn.Input => Sign * (long)Input,
        FactColumn.Output => Sign * (long)Output,
        FactColumn.Cached => Sign * (long)Cached,
        FactColumn.CacheWrite => Sign * (long)CacheWrite,
        FactColumn.Reasoning => Sign * (long)Reasoning,
        FactColumn.Audio => Sign * (long)Audio,
        FactColumn.UnpricedTokens => CostNano is null ? Sign * ((long)Input + Output) : 0,
        FactColumn.ReportedRequests => IsComparable ? Sign : 0,
        FactColumn.Reported => IsComparable ? Sign * ReportedNano!.Value : 0,
        FactColumn.ReportedComputed => IsComparable ? Sign * CostNano!.Value : 0,
        FactColumn.Latency => LatencyMs,
        FactColumn.Seq => Seq,
        _ => throw new ArgumentOutOfRangeException(nameof(column), column, "Rows do not have it."),
    };

    private bool IsComparable => CostNano is not null && ReportedNano is not null;
}
