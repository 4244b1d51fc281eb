using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Reports;

/// <summary>Answers what was spent. The same rows that budgets count, so that a page and a budget cannot disagree.</summary>
public sealed class SpendReports(IDbContextFactory<OpsmeterDb> databases, Boards boards)
{
    /// <summary>Reads a report, as of one moment.</summary>
    public Task<SpendReport> ReadAsync(SpendQuery query, CancellationToken cancellation = default) =>
        ReadAsync((connection, snapshot) => Read(query, connection, snapshot), cancellation);

    /// <summary>Priced requests by endpoint and model, in a query's range and in another, as of one moment.</summary>
    public Task<(Dictionary<(long Endpoint, long Model), SpendCell> Now, Dictionary<(long Endpoint, long Model), SpendCell> Before)> ReadCellsAsync(
        SpendQuery query, TimeWindow before, CancellationToken cancellation = default) => ReadAsync(
            (connection, snapshot) =>
            {
                var source = SourceOf(query, connection, snapshot);
                return (Cells(query.Range), Cells(before));

                Dictionary<(long, long), SpendCell> Cells(TimeWindow range) =>
                    source.ReadCells(range.Start.UtcTicks, range.End.UtcTicks).ToDictionary(cell => (cell.Endpoint, cell.Model), cell => cell.Cell);
            },
            cancellation);

    /// <summary>Every prompt version with requests in a query's range, by endpoint, in order of appearance.</summary>
    public Task<IReadOnlyList<VersionLine>> ReadVersionsAsync(SpendQuery query, CancellationToken cancellation = default) => ReadAsync(
        (connection, snapshot) =>
        {
            var source = SourceOf(query with { GroupBy = Dimension.EndpointTag, ThenBy = Dimension.PromptVersion, Interval = null, Columns = null }, connection, snapshot);
            var rows = source.ReadVersions(query.Range.Start.UtcTicks, query.Range.End.UtcTicks).ToArray();
            var texts = source.ReadTexts([.. rows.SelectMany(row => new[] { row.Endpoint, row.Version }).Distinct()]);
            return (IReadOnlyList<VersionLine>)
            [
                .. rows.Select(row => new VersionLine(
                        texts[row.Endpoint], texts[row.Version], new DateTimeOffset(row.FirstTicks, TimeSpan.Zero), row.Sums, row.Sample))
                    .OrderBy(line => line.EndpointTag, StringComparer.Ordinal).ThenBy(line => line.FirstSeen)
                    .ThenBy(line => line.PromptVersion, StringComparer.Ordinal),
            ];
        },
        cancellation);

    private async Task<T> ReadAsync<T>(Func<SqliteConnection, SqliteTransaction, T> read, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Database.OpenConnectionAsync(cancellation);

        // Deferred, so that reading never waits for the writer.
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        await using var snapshot = connection.BeginTransaction(deferred: true);
        return await Task.Run(() => read(connection, snapshot), cancellation);
    }

    private SpendSource SourceOf(SpendQuery query, DbConnection connection, DbTransaction snapshot)
    {
        var tenants = boards[query.WorkspaceId].Policy.Settings.TenantFrom == TenantSource.UserId ? Dimension.UserId : (Dimension?)null;
        return new SpendSource(connection, snapshot, query, tenants);
    }

    private SpendReport Read(SpendQuery query, DbConnection connection, DbTransaction snapshot)
    {
        var source = SourceOf(query, connection, snapshot);
        var intervals = new Intervals(query);
        var sums = new Dictionary<(SpendGroup Group, DateTimeOffset? Bucket), SpendSums>();
        foreach (var (group, bucket, part) in ReadSums(query, source))
        {
            var key = (group, intervals.Of(bucket));
            sums[key] = sums.GetValueOrDefault(key) + part;
        }

        var latency = query.WithLatency ? new LatencyCollector() : null;
        if (latency is not null)
        {
            foreach (var (group, bucket, ms) in source.ReadLatency(query.Range.Start.UtcTicks, query.Range.End.UtcTicks))
            {
                latency.Add((group, intervals.Of(bucket)), ms);
            }
        }

        var texts = source.ReadTexts([.. sums.Keys.SelectMany(key => new[] { key.Group.First, key.Group.Second }).Distinct()]);
        var rows = sums
            .Select(entry => new SpendRow(
                texts.GetValueOrDefault(entry.Key.Group.First), texts.GetValueOrDefault(entry.Key.Group.Second), entry.Key.Bucket, entry.Value,
                latency?.Of(entry.Key)))
            .OrderBy(row => row.Bucket)
            .ThenByDescending(row => row.Sums.Priced)
            .ThenBy(row => row.Value, StringComparer.Ordinal)
            .ThenBy(row => row.Second, StringComparer.Ordinal);
        var total = sums.Values.Aggregate(default(SpendSums), (sum, part) => sum + part);
        return new SpendReport(query.Range, [.. rows], new SpendRow(null, null, null, total, latency?.Total()));
    }

    private static IEnumerable<(SpendGroup Group, long BucketTicks, SpendSums Sums)> ReadSums(SpendQuery query, SpendSource source)
    {
        var (from, to) = (query.Range.Start.UtcTicks, query.Range.End.UtcTicks);
        var quarter = RollupKey.Bucket.Ticks;
        var (firstWhole, lastWhole) = ((from + quarter - 1) / quarter * quarter, to / quarter * quarter);
        if (!source.CanUseRollups || firstWhole >= lastWhole)
        {
            return source.ReadRequests(from, to);
        }

        var parts = source.ReadRollups(firstWhole, lastWhole);
        parts = from < firstWhole ? parts.Concat(source.ReadRequests(from, firstWhole)) : parts;
        return lastWhole < to ? parts.Concat(source.ReadRequests(lastWhole, to)) : parts;
    }

    /// <summary>Which interval a quarter-hour belongs to. Zones are offset by whole quarters, so none lies in two.</summary>
    private sealed class Intervals(SpendQuery query)
    {
        private readonly WindowCalendar? _calendar = query.Interval is { } kind
            ? new WindowCalendar(new WindowSpec { Kind = kind, TimeZone = query.TimeZone, WeekStartsOn = query.WeekStartsOn })
            : null;
        private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(query.TimeZone);
        private readonly long[]? _columns = query.Columns?.Select(start => start.UtcTicks).ToArray();
        private readonly Dictionary<long, DateTimeOffset> _starts = [];

        public DateTimeOffset? Of(long bucketTicks)
        {
            if (_columns is not null)
            {
                var found = Array.BinarySearch(_columns, bucketTicks);
                return TimeZoneInfo.ConvertTime(query.Columns![found >= 0 ? found : Math.Max(0, ~found - 1)], _zone);
            }

            if (_calendar is null)
            {
                return null;
            }

            if (!_starts.TryGetValue(bucketTicks, out var start))
            {
                var window = _calendar.WindowAt(new DateTimeOffset(bucketTicks, TimeSpan.Zero));
                _starts[bucketTicks] = start = TimeZoneInfo.ConvertTime(window.Start, _zone);
            }

            return start;
        }
    }
}
