namespace Opsmeter.Web.Policy;

/// <summary>One edit of a budget, as the audit log has it.</summary>
/// <param name="At">When.</param>
/// <param name="Actor">Who: a member's e-mail, or a key.</param>
/// <param name="Action"><c>budget.create</c>, <c>budget.replace</c> or <c>budget.delete</c>.</param>
/// <param name="Before">The document before, as JSON; null at its creation.</param>
/// <param name="After">The document after, as JSON; null at its deletion.</param>
public sealed record PolicyChange(DateTimeOffset At, string Actor, string Action, string? Before, string? After);
