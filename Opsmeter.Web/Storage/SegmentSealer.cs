using System.Collections.Concurrent;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Storage;

/// <summary>
/// Packs the facts of a workspace that fill a segment, away from the writer's thread, and has it written between two groups.
/// Until then they stay in memory, where reports find them as well.
/// </summary>
internal sealed class SegmentSealer(LedgerWriter writer, FactStore facts, ILogger logger)
{
    private readonly ConcurrentDictionary<int, bool> _sealing = new();

    /// <summary>Begins with every workspace that has enough; one segment of each at a time.</summary>
    public void SealWhatIsFull(IEnumerable<int> workspaces)
    {
        foreach (var id in workspaces)
        {
            if (facts[id].IsFull && _sealing.TryAdd(id, true))
            {
                _ = Task.Run(() => SealAsync(id));
            }
        }
    }

    private async Task SealAsync(int workspaceId)
    {
        try
        {
            var board = facts[workspaceId];
            if (board.Sealable() is { } full)
            {
                var id = await writer.NextSegmentIdAsync();
                await writer.SealAsync(workspaceId, await LongWork.RunAsync(() => SegmentColumns.Of(id, full, board)), board);
            }
        }
        catch (Exception error)
        {
            // They are on disk and in memory, nothing is lost; the next group tries again.
            Log.SealFailed(logger, workspaceId, error);
            _sealing.TryRemove(workspaceId, out _);
            return;
        }

        // Whatever filled up meanwhile found this one at work, and perhaps nothing comes after it.
        _sealing.TryRemove(workspaceId, out _);
        SealWhatIsFull([workspaceId]);
    }
}
