using System.Collections.Concurrent;
using Opsmeter.Core.Decisions;

namespace Opsmeter.Web.Storage;

/// <summary>The board of every workspace: what is on disk, answered from memory.</summary>
public sealed class Boards
{
    private readonly ConcurrentDictionary<int, PolicyBoard> _boards = new();
    private readonly ConcurrentDictionary<int, EnforcementBook> _enforcement = new();

    /// <summary>The board of a workspace.</summary>
    /// <exception cref="KeyNotFoundException">The workspace was not loaded.</exception>
    public PolicyBoard this[int workspaceId] => _boards[workspaceId];

    /// <summary>The boards that are loaded, by workspace.</summary>
    public IEnumerable<KeyValuePair<int, PolicyBoard>> All => _boards;

    public bool TryGet(int workspaceId, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PolicyBoard? board) =>
        _boards.TryGetValue(workspaceId, out board);

    /// <summary>Who asked and obeyed in a workspace; the same while the product runs.</summary>
    public EnforcementBook EnforcementOf(int workspaceId) => _enforcement.GetOrAdd(workspaceId, _ => new EnforcementBook());

    internal void Swap(int workspaceId, PolicyBoard board) => _boards[workspaceId] = board;
}
