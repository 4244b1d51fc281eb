using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Layout;

/// <summary>A page of the navigation.</summary>
/// <param name="Text">Its name.</param>
/// <param name="Address">Its address, relative to the base.</param>
/// <param name="Key">The letter that goes there after <c>g</c>.</param>
/// <param name="Icon">Its icon.</param>
/// <param name="HasView">True when its address carries a view: range, comparison, scope and filters.</param>
/// <param name="Closer">The address of a page that it alone leads to, which belongs to it.</param>
/// <param name="Needs">Who it is shown to: whoever may do this.</param>
internal sealed record NavPage(
    string Text, string Address, char Key, Controls.IconName Icon, bool HasView = false, string? Closer = null, Permission Needs = Permission.View)
{
    /// <summary>True when a path, relative to the base, is the page's own, lies below it, or is where it leads closer.</summary>
    public bool Holds(string path) =>
        path == Address || path == Closer || (Address.Length > 0 && path.StartsWith(Address + "/", StringComparison.Ordinal));
}
