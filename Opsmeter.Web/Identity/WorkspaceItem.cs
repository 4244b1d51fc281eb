namespace Opsmeter.Web.Identity;

/// <summary>A workspace that a member may enter.</summary>
public sealed record WorkspaceItem(int Id, string Name);
