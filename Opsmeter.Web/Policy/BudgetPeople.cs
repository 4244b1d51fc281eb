using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>Whom a budget can name.</summary>
/// <param name="Members">The members' e-mails: who can own it.</param>
/// <param name="Channels">The channels' names: what can be told in the backup's place.</param>
/// <param name="Escalations">The escalations' names.</param>
public sealed record BudgetPeople(IReadOnlyList<string> Members, IReadOnlyList<string> Channels, IReadOnlyList<string> Escalations)
{
    /// <summary>Nobody yet.</summary>
    public static BudgetPeople None { get; } = new([], [], [EscalationDocument.DefaultName]);
}
