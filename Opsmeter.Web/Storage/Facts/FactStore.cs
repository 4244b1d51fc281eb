using System.Collections.Concurrent;

namespace Opsmeter.Web.Storage.Facts;

/// <summary>
/// Every request as reports read it: each workspace's facts as of its latest commit, in columns. One source for pages,
/// reports and exports; a reading sees one commit and never waits for the writer.
/// </summary>
public sealed class FactStore(StorageOptions options) : IDisposable
{
    // A reader's buffers take some megabytes; more readers than processors would only wait for each other.
    private static readonly int MostReaders = Math.Clamp(Environment.ProcessorCount, 1, 4);

    // Below this many segments a second reader costs more than it saves.
    private const int SegmentsForTwo = 12;

    private readonly ConcurrentDictionary<int, FactBoard> _boards = new();
    private readonly ConcurrentBag<SegmentReader> _idle = [];

    // Not disposed: it holds nothing of the system, and a reading that ends after the store gives its turn back.
    private readonly SemaphoreSlim _turns = new(MostReaders);

    /// <summary>The facts of a workspace as of its latest commit.</summary>
    public FactBoard this[int workspaceId] => _boards.GetValueOrDefault(workspaceId) ?? FactBoard.Of([], options.SegmentRows);

    /// <summary>Reads facts into one accumulator a reader; add the accumulators up.</summary>
    /// <param name="board">The facts there are.</param>
    /// <param name="scan">Which of them.</param>
    /// <param name="create">Makes an accumulator.</param>
    /// <param name="add">Adds a batch to one; called by one reader at a time for each accumulator.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<IReadOnlyList<T>> ScanAsync<T>(
        FactBoard board, FactScan scan, Func<T> create, Action<T, FactBatch> add, CancellationToken cancellation = default)
    {
        var segments = SegmentsOf(board, scan);
        var readers = segments.Count < SegmentsForTwo ? 1 : MostReaders;
        return await Task.WhenAll(Enumerable.Range(0, readers).Select(ReadInTurnAsync));

        async Task<T> ReadInTurnAsync(int reader)
        {
            await _turns.WaitAsync(cancellation);
            try
            {
                return await LongWork.RunAsync(
                    () =>
                    {
                        var sums = create();
                        Read(board, scan, segments, isFirst: reader == 0, batch => add(sums, batch), cancellation);
                        return sums;
                    },
                    cancellation);
            }
            finally
            {
                _turns.Release();
            }
        }
    }

    /// <summary>Reads facts on the caller's thread, by one reader.</summary>
    /// <param name="board">The facts there are.</param>
    /// <param name="scan">Which of them.</param>
    /// <param name="add">Takes each batch.</param>
    public void Scan(FactBoard board, FactScan scan, Action<FactBatch> add) =>
        Read(board, scan, SegmentsOf(board, scan), isFirst: true, add, default);

    /// <inheritdoc />
    public void Dispose()
    {
        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    internal void Publish(int workspaceId, FactBoard board) => _boards[workspaceId] = board;

    /// <summary>The board that is published, or null before the first.</summary>
    internal FactBoard? Find(int workspaceId) => _boards.GetValueOrDefault(workspaceId);

    private void Read(
        FactBoard board, FactScan scan, ConcurrentQueue<Segment> segments, bool isFirst, Action<FactBatch> add, CancellationToken cancellation)
    {
        if (!_idle.TryTake(out var reader))
        {
            reader = new SegmentReader(options.EffectiveConnectionString);
        }

        try
        {
            while (segments.TryDequeue(out var segment))
            {
                cancellation.ThrowIfCancellationRequested();
                if (reader.Read(segment, scan) is { } batch)
                {
                    add(batch);
                }
            }

            foreach (var chunk in isFirst ? board.Tail : [])
            {
                if (reader.Read(chunk.Span, scan) is { } batch)
                {
                    add(batch);
                }
            }
        }
        catch
        {
            reader.Dispose();
            throw;
        }

        if (_idle.Count < MostReaders)
        {
            _idle.Add(reader);
        }
        else
        {
            reader.Dispose();
        }
    }

    private static ConcurrentQueue<Segment> SegmentsOf(FactBoard board, FactScan scan) =>
        new(board.Segments.Where(segment => scan.Overlaps(segment) && scan.Without?.Contains(segment) != true));
}
