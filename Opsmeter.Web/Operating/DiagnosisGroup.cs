namespace Opsmeter.Web.Operating;

/// <summary>What belongs together on the page of diagnostics.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Items">What there is to say.</param>
public sealed record DiagnosisGroup(string Title, IReadOnlyList<DiagnosisItem> Items);

/// <summary>One thing that is known of the installation.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">How it stands, with its unit.</param>
/// <param name="Advice">What is wrong with it and what to do; null where nothing is.</param>
public sealed record DiagnosisItem(string Label, string Value, string? Advice = null);
