using Opsmeter.Web.Alerts;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Hosting;

/// <summary>Tries channels for the pages.</summary>
public sealed class ChannelTrials(ChannelTests tests)
{
    /// <summary>Sends a test; whether it was taken, and what went wrong where it was not.</summary>
    public async Task<(bool IsDelivered, string? Error)> SendAsync(int workspaceId, string id, string actor)
    {
        try
        {
            return await tests.SendAsync(workspaceId, id, actor, CancellationToken.None) is { } result ? (result.IsTaken, result.Error) : (false, "It was deleted in the meantime.");
        }
        catch (LedgerUnavailableException)
        {
            return (false, "The store takes no writes now. The test may have been sent.");
        }
    }
}
