using Microsoft.AspNetCore.SignalR;

namespace Opsmeter.Web.Live;

/// <summary>What programs watch. It only sends; a caller is in its workspace's group and hears of nothing else.</summary>
public sealed class LiveHub : Hub
{
    internal const string Path = "/hubs/live";

    internal static string GroupOf(int workspaceId) => $"workspace:{workspaceId}";

    /// <inheritdoc />
    public override async Task OnConnectedAsync()
    {
        // LiveAccess let the connection through and said for which workspace.
        if (LiveAccess.WorkspaceOf(Context.GetHttpContext()) is not { } workspaceId)
        {
            Context.Abort();
            return;
        }

        await Groups.AddToGroupAsync(Context.ConnectionId, GroupOf(workspaceId));
        await base.OnConnectedAsync();
    }
}
