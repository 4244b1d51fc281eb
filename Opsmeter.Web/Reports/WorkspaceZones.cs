using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Reports;

/// <summary>The time zone in which a workspace reads its days.</summary>
public sealed class WorkspaceZones(Boards boards)
{
    /// <summary>The zone of a workspace.</summary>
    public TimeZoneInfo Of(int workspaceId) => boards[workspaceId].Zone;
}
