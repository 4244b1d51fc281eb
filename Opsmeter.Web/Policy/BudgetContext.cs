using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>What the rules of a budget have to know beside the draft.</summary>
public sealed record BudgetContext
{
    /// <summary>The workspace's IANA zone, for a window that names none.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The workspace's first day of a week, for a window that names none.</summary>
    public required DayOfWeek WeekStartsOn { get; init; }

    /// <summary>Who can own a budget.</summary>
    public required IReadOnlyList<string> MemberEmails { get; init; }

    /// <summary>The channels, which can be told in the backup's place.</summary>
    public IReadOnlyList<string> ChannelNames { get; init; } = [];

    /// <summary>The escalations' names.</summary>
    public IReadOnlyList<string> EscalationNames { get; init; } = [EscalationDocument.DefaultName];

    /// <summary>The server's clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The budget as it is, or null while it does not exist yet.</summary>
    public BudgetDocument? Before { get; init; }
}
