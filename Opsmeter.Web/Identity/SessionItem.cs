namespace Opsmeter.Web.Identity;

/// <summary>A place where a member is signed in.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CreatedAt">When the member signed in.</param>
/// <param name="SeenAt">When it was last used, up to half a minute old.</param>
/// <param name="Address">The address that it began from.</param>
/// <param name="Agent">What the browser calls itself.</param>
/// <param name="Means">How the member signed in.</param>
public sealed record SessionItem(string Id, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, string Address, string Agent, string Means);
