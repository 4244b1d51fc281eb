namespace Opsmeter.Web.Components.Layout;

/// <summary>A page of the navigation.</summary>
/// <param name="Text">Its name.</param>
/// <param name="Address">Its address, relative to the base.</param>
/// <param name="Key">The letter that goes there after <c>g</c>.</param>
/// <param name="Icon">Its icon.</param>
/// <param name="HasView">True when its address carries a view: range, comparison, scope and filters.</param>
internal sealed record NavPage(string Text, string Address, char Key, Controls.IconName Icon, bool HasView = false)
{
    /// <summary>True when a path, relative to the base, is the page's own or lies below it.</summary>
    public bool Holds(string path) =>
        path == Address || (Address.Length > 0 && path.StartsWith(Address + "/", StringComparison.Ordinal));
}
