using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Layout;

/// <summary>An entry of a menu of views.</summary>
/// <param name="Text">What it says.</param>
/// <param name="View">The view that it leads to.</param>
/// <param name="IsChosen">True for the one that is shown.</param>
public sealed record ViewChoice(string Text, SpendView View, bool IsChosen);
