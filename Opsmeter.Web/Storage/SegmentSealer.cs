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
            var board = facts[id];
            if (board.TailCount >= board.SegmentFacts && _sealing.TryAdd(id, true))
            {
                _ = Task.Run(() => SealAsync(id, board));
            }
        }
    }

    private async Task SealAsync(int workspaceId, FactBoard board)
    {
        try
        {
            await writer.SealAsync(workspaceId, SegmentColumns.Of(await writer.NextSegmentIdAsync(), board.Sealable()!, board));
        }
        catch (Exception error)
        {
            // They are on disk and in memory, nothing is lost; the next group tries again.
            Log.SealFailed(logger, workspaceId, error);
        }
        finally
        {
            _sealing.TryRemove(workspaceId, out _);
        }
    }
}
