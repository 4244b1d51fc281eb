using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Storage;

/// <summary>Which sums: a quarter of a UTC hour, of one value of one dimension.</summary>
public readonly record struct RollupKey(
    int WorkspaceId, DimensionKind Kind, long BucketTicks, DeploymentEnvironment Environment, DataMode DataMode, long ValueId)
{
    /// <summary>How long a bucket lasts: every zone's offset is a multiple of it.</summary>
    public static readonly TimeSpan Bucket = TimeSpan.FromMinutes(15);

    /// <summary>The start of the bucket that holds an instant.</summary>
    public static long BucketOf(DateTimeOffset instant) => instant.UtcTicks - (instant.UtcTicks % Bucket.Ticks);
}

/// <summary>What is added to a bucket; negative to take it back.</summary>
public readonly record struct RollupSums(
    long Requests, long Errors, long Unpriced, long CostNano, long InputTokens, long OutputTokens, long CachedTokens,
    long CacheWriteTokens, long ReasoningTokens, long AudioTokens)
{
    public static RollupSums Of(in StoredRow row, int sign) => new(
        sign, row.IsError ? sign : 0, row.Cost is null ? sign : 0, sign * (row.Cost?.Nano ?? 0), sign * row.Usage.Input,
        sign * row.Usage.Output, sign * row.Usage.Cached, sign * row.Usage.CacheWrite, sign * row.Usage.Reasoning,
        sign * (row.Usage.AudioInput + row.Usage.AudioOutput));

    public static RollupSums operator +(RollupSums a, RollupSums b) => new(
        a.Requests + b.Requests, a.Errors + b.Errors, a.Unpriced + b.Unpriced, a.CostNano + b.CostNano,
        a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens, a.CachedTokens + b.CachedTokens,
        a.CacheWriteTokens + b.CacheWriteTokens, a.ReasoningTokens + b.ReasoningTokens, a.AudioTokens + b.AudioTokens);
}
