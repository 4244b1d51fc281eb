namespace Opsmeter.Web.Views;

/// <summary>A page and its query under a name, as its member saved it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What its member calls it.</param>
/// <param name="Page">The page's address, relative to the base.</param>
/// <param name="Query">The query: empty, or beginning with <c>?</c>.</param>
public sealed record SavedView(long Id, string Name, string Page, string Query)
{
    /// <summary>The address that opens it, relative to the base.</summary>
    public string Address => Page + Query;
}
