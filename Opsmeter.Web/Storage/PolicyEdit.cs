namespace Opsmeter.Web.Storage;

/// <summary>What an edit of the policy came to.</summary>
/// <param name="Result">What its caller is told.</param>
/// <param name="IsChanged">False when nothing was changed.</param>
/// <param name="Budgets">The budgets to count anew; null for all.</param>
public sealed record PolicyEdit<T>(T Result, bool IsChanged, IReadOnlyCollection<string>? Budgets);
