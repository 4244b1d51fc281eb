namespace Opsmeter.Core.Budgets;

/// <summary>Who stands behind a budget.</summary>
/// <param name="HasOwner">True when its owner is a member.</param>
/// <param name="HasBackup">True when another member hears of it where the owner does not answer.</param>
public readonly record struct LintPeople(bool HasOwner, bool HasBackup);
