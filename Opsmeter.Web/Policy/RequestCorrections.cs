using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>Takes back what was counted by mistake; the row stays, with who took it back and why.</summary>
public sealed class RequestCorrections(LedgerWriter writer)
{
    /// <summary>The longest reason.</summary>
    public const int LongestReason = 500;

    /// <summary>Takes one revision of a request back: sums and states follow before this returns.</summary>
    /// <returns>False when there is no such row, or it counts no longer.</returns>
    /// <exception cref="LedgerUnavailableException">The store cannot take the write now.</exception>
    public Task<bool> VoidAsync(int workspaceId, string externalRequestId, int revision, string reason, string actor) =>
        writer.VoidAsync(workspaceId, externalRequestId, revision, actor, reason);
}
