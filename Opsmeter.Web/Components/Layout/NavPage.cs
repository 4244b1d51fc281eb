namespace Opsmeter.Web.Components.Layout;

/// <summary>A page of the navigation.</summary>
/// <param name="Text">Its name.</param>
/// <param name="Address">Its address, relative to the base.</param>
/// <param name="Key">The letter that goes there after <c>g</c>.</param>
/// <param name="Icon">Its icon.</param>
internal sealed record NavPage(string Text, string Address, char Key, Controls.IconName Icon);
