namespace Opsmeter.Web.Components.Controls;

/// <summary>One of the things to choose from.</summary>
/// <param name="Value">What is chosen.</param>
/// <param name="Text">What is shown.</param>
public sealed record Choice<T>(T Value, string Text);
