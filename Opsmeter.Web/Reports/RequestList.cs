using Microsoft.EntityFrameworkCore;
using Opsmeter.Core;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Reports;

/// <summary>Lists stored requests, newest first, and finds one.</summary>
public sealed class RequestList(IDbContextFactory<OpsmeterDb> databases, RequestFinder finder, LedgerHealth ledger, StorageOptions storage)
{
    /// <summary>The most requests of one page.</summary>
    public const int MostItems = 500;

    /// <summary>For how many days requests are kept one by one.</summary>
    public int KeptDays => storage.RawRetentionDays;

    /// <summary>When the latest of the requests arrived that are gone from the list and in sums alone; null where all are in it.</summary>
    public DateTimeOffset? GoneUntil => ledger.Start.ReceivedAt;

    /// <summary>Reads a page.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="filter">Which requests.</param>
    /// <param name="after">Where the page before ended, or null for the first.</param>
    /// <param name="count">How many, at most <see cref="MostItems"/>.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<RequestPage> ReadAsync(
        int workspaceId, RequestFilter filter, RequestCursor? after, int count, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostItems);
        using var traced = ReportQueries.BeginList();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        IQueryable<RequestRow> rows;
        if (RequestFinder.CanFind(filter))
        {
            var found = await finder.FindAsync(workspaceId, filter, after, count + 1, cancellation);
            rows = db.Requests.AsNoTracking().Where(row => found.Contains(row.Seq));
        }
        else
        {
            rows = Filter(db, workspaceId, filter);
        }

        if (after is not null)
        {
            rows = rows.Where(row => row.OccurredTicks < after.OccurredTicks
                || (row.OccurredTicks == after.OccurredTicks && row.Seq < after.Seq));
        }

        var page = await rows.OrderByDescending(row => row.OccurredTicks).ThenByDescending(row => row.Seq)
            .Take(count + 1).ToListAsync(cancellation);
        var next = page.Count > count ? new RequestCursor(page[count - 1].OccurredTicks, page[count - 1].Seq) : null;
        return new RequestPage(await ItemsOfAsync(db, [.. page.Take(count)], cancellation), next);
    }

    /// <summary>How many ids have more than one counted request.</summary>
    public async Task<int> CountConflictsAsync(int workspaceId, CancellationToken cancellation = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await ConflictingIds(db, workspaceId).CountAsync(cancellation);
    }

    /// <summary>The place of the latest row in the ledger; 0 where there is none.</summary>
    public async Task<long> LatestSeqAsync(int workspaceId, CancellationToken cancellation = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Requests.Where(row => row.WorkspaceId == workspaceId).MaxAsync(row => (long?)row.Seq, cancellation) ?? 0;
    }

    /// <summary>Every revision kept under an id, latest first, with the rates they were priced with.</summary>
    public async Task<IReadOnlyList<RequestItem>> FindAsync(
        int workspaceId, string externalRequestId, CancellationToken cancellation = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await db.Requests.AsNoTracking()
            .Where(row => row.WorkspaceId == workspaceId && row.ExternalId == externalRequestId)
            .OrderByDescending(row => row.Revision).Take(MostItems).ToListAsync(cancellation);
        var versions = rows.Select(row => row.PriceVersionId).OfType<long>().Distinct().ToArray();
        var rates = await db.PriceVersions.AsNoTracking().Where(row => versions.Contains(row.Id))
            .ToDictionaryAsync(row => row.Id, row => row.Document, cancellation);
        var items = await ItemsOfAsync(db, rows, cancellation);
        return [.. items.Zip(rows, (item, row) => item with
        {
            Rates = row.PriceVersionId is { } id && rates.TryGetValue(id, out var document) ? AppliedRates.FromJson(document) : null,
        })];
    }

    private static IQueryable<RequestRow> Filter(OpsmeterDb db, int workspaceId, RequestFilter filter)
    {
        var rows = db.Requests.AsNoTracking().Where(row => row.WorkspaceId == workspaceId);
        if (filter.Environment is { } environment)
        {
            rows = rows.Where(row => row.Environment == (int)environment);
        }

        if (filter.DataMode is { } mode)
        {
            rows = rows.Where(row => row.DataMode == (int)mode);
        }

        if (filter.Range is { } range)
        {
            var (from, to) = (range.Start.UtcTicks, range.End.UtcTicks);
            rows = rows.Where(row => row.OccurredTicks >= from && row.OccurredTicks < to);
        }

        if (filter.UpToSeq is { } last)
        {
            rows = rows.Where(row => row.Seq <= last);
        }

        if (filter.OnlyCounted)
        {
            rows = rows.Where(row => row.Disposition == (int)Disposition.Counted);
        }

        foreach (var (dimension, values) in filter.Only)
        {
            var kind = (int)dimension.KindOf();
            var ids = db.Dimensions.Where(value => value.WorkspaceId == workspaceId && value.Kind == kind && values.Contains(value.Text))
                .Select(value => value.Id);
            rows = dimension switch
            {
                Dimension.EndpointTag => rows.Where(row => ids.Contains(row.EndpointId)),
                Dimension.UserId => rows.Where(row => ids.Contains(row.UserId ?? 0)),
                Dimension.TenantId => rows.Where(row => ids.Contains(row.TenantId ?? 0)),
                Dimension.Provider => rows.Where(row => ids.Contains(row.ProviderId)),
                Dimension.Model => rows.Where(row => ids.Contains(row.ModelId)),
                Dimension.PromptVersion => rows.Where(row => ids.Contains(row.VersionId)),
                Dimension.ApiKey => rows.Where(row => ids.Contains(row.KeyId ?? 0)),
            };
        }

        if (filter.IdPrefix is { Length: > 0 } prefix)
        {
            rows = rows.Where(row => row.ExternalId.StartsWith(prefix));
        }

        if (filter.OnlyErrors)
        {
            rows = rows.Where(row => row.IsError);
        }

        if (filter.OnlyUnpriced)
        {
            rows = rows.Where(row => row.CostNano == null);
        }

        return filter.OnlyConflicts ? rows.Where(row => ConflictingIds(db, workspaceId).Contains(row.ExternalId)) : rows;
    }

    private static IQueryable<string> ConflictingIds(OpsmeterDb db, int workspaceId) => db.Requests
        .Where(row => row.WorkspaceId == workspaceId && row.Revision > 1 && row.Disposition == (int)Disposition.Counted
            && db.Requests.Any(other => other.WorkspaceId == workspaceId && other.ExternalId == row.ExternalId
                && other.Disposition == (int)Disposition.Counted && other.Revision != row.Revision))
        .Select(row => row.ExternalId)
        .Distinct();

    private static async Task<IReadOnlyList<RequestItem>> ItemsOfAsync(
        OpsmeterDb db, IReadOnlyList<RequestRow> rows, CancellationToken cancellation)
    {
        var ids = rows.SelectMany(IdsOf).OfType<long>().Distinct().ToArray();
        var texts = await db.Dimensions.AsNoTracking().Where(row => ids.Contains(row.Id))
            .ToDictionaryAsync(row => row.Id, row => row.Text, cancellation);
        return [.. rows.Select(row => ItemOf(row, texts))];
    }

    private static IEnumerable<long?> IdsOf(RequestRow row) =>
        [row.ProviderId, row.ModelId, row.EndpointId, row.VersionId, row.UserId, row.TenantId, row.KeyId, row.ErrorCodeId];

    private static RequestItem ItemOf(RequestRow row, Dictionary<long, string> texts)
    {
        return new RequestItem
        {
            Seq = row.Seq,
            ExternalRequestId = row.ExternalId,
            Revision = row.Revision,
            Standing = StandingOf((Disposition)row.Disposition),
            OccurredAt = new DateTimeOffset(row.OccurredTicks, TimeSpan.Zero),
            ReceivedAt = new DateTimeOffset(row.ReceivedTicks, TimeSpan.Zero),
            Provider = texts[row.ProviderId],
            Model = texts[row.ModelId],
            EndpointTag = texts[row.EndpointId],
            PromptVersion = texts[row.VersionId],
            UserId = Text(row.UserId),
            TenantId = Text(row.TenantId),
            ApiKey = Text(row.KeyId),
            Environment = (DeploymentEnvironment)row.Environment,
            DataMode = (DataMode)row.DataMode,
            ServiceTier = (ServiceTier)row.ServiceTier,
            Usage = new TokenUsage
            {
                Input = row.InputTokens, Output = row.OutputTokens, Cached = row.CachedTokens, CacheWrite = row.CacheWriteTokens,
                CacheWrite1h = row.CacheWrite1hTokens, Reasoning = row.ReasoningTokens, AudioInput = row.AudioInputTokens,
                AudioOutput = row.AudioOutputTokens,
            },
            Cost = row.CostNano is { } cost ? new Usd(cost) : null,
            Reported = row.ReportedNano is { } reported ? new Usd(reported) : null,
            LatencyMs = row.LatencyMs,
            IsError = row.IsError,
            ErrorCode = Text(row.ErrorCodeId),
            Metadata = row.Metadata,
        };

        string? Text(long? id) => id is { } value ? texts[value] : null;
    }

    private static RequestStanding StandingOf(Disposition disposition) => disposition switch
    {
        Disposition.Counted => RequestStanding.Counted,
        Disposition.Replaced => RequestStanding.Replaced,
        Disposition.Voided => RequestStanding.Voided,
    };
}
