namespace Opsmeter.Web.Components.Controls;

/// <summary>One thing that is wrong with a form.</summary>
/// <param name="Label">The field's label, or its name where the form does not show it.</param>
/// <param name="Message">What to write instead.</param>
/// <param name="ElementId">The element to go to, or null where there is none.</param>
public sealed record FormProblem(string Label, string Message, string? ElementId);
