using Microsoft.AspNetCore.Identity;

namespace Opsmeter.Web.Storage;

// One class a table, nothing but columns: the shape is the schema, the meaning lives in Core and in the features.
// Instants are UTC ticks (SQLite neither orders nor compares offsets), money is nano-USD, documents are JSON text.

/// <summary>A person who can sign in.</summary>
public sealed class MemberRow : IdentityUser
{
    public string? DisplayName { get; set; }
}

/// <summary>A workspace: everything else belongs to one.</summary>
public sealed class WorkspaceRow
{
    public int Id { get; set; }
    public required string Name { get; set; }
    public required string Settings { get; set; }
    public int Version { get; set; }
    public long CreatedTicks { get; set; }
}

/// <summary>A member's role in a workspace.</summary>
public sealed class MembershipRow
{
    public int WorkspaceId { get; set; }
    public required string MemberId { get; set; }
    public required string Role { get; set; }
    public long? SuspendedTicks { get; set; }
}

/// <summary>A member who is signed in on a device; the cookie carries its id.</summary>
public sealed class SessionRow
{
    public required string Id { get; set; }
    public required string MemberId { get; set; }
    public int WorkspaceId { get; set; }
    public long CreatedTicks { get; set; }
    public long SeenTicks { get; set; }
    public required string Address { get; set; }
    public required string Agent { get; set; }
    public required string Means { get; set; }
}

/// <summary>A link that lets somebody in once: an invitation, or a new password. The secret itself is not kept.</summary>
public sealed class AccountLinkRow
{
    public int Id { get; set; }
    public required string Kind { get; set; }
    public int WorkspaceId { get; set; }
    public required string Email { get; set; }
    public required string Role { get; set; }
    public required byte[] Hash { get; set; }
    public long CreatedTicks { get; set; }
    public required string CreatedBy { get; set; }
    public long ExpiresTicks { get; set; }
    public long? UsedTicks { get; set; }
    public long? WithdrawnTicks { get; set; }
}

/// <summary>An API key: the secret itself is not kept.</summary>
public sealed class ApiKeyRow
{
    public int Id { get; set; }
    public int WorkspaceId { get; set; }
    public required string Name { get; set; }
    public required string Prefix { get; set; }
    public required byte[] Hash { get; set; }
    public int Scopes { get; set; }
    public int? Environment { get; set; }
    public long CreatedTicks { get; set; }
    public required string CreatedBy { get; set; }
    public long? ExpiresTicks { get; set; }
    public long? RevokedTicks { get; set; }
    public long? LastUsedTicks { get; set; }
    public int? RequestsPerMinute { get; set; }
    public int? ReplacedBy { get; set; }
}

/// <summary>A page and its query that a member keeps under a name.</summary>
public sealed class SavedViewRow
{
    public long Id { get; set; }
    public int WorkspaceId { get; set; }
    public required string MemberId { get; set; }
    public required string Name { get; set; }
    public required string Page { get; set; }
    public required string Query { get; set; }
    public long CreatedTicks { get; set; }
}

/// <summary>A budget as people edit it.</summary>
public sealed class BudgetRow
{
    public required string Id { get; set; }
    public int WorkspaceId { get; set; }
    public required string Name { get; set; }
    public required string Document { get; set; }
    public int Version { get; set; }
    public long CountedFromTicks { get; set; }
    public long CreatedTicks { get; set; }
    public long UpdatedTicks { get; set; }
}

/// <summary>A tier entry as people edit it.</summary>
public sealed class TierRow
{
    public required string Id { get; set; }
    public int WorkspaceId { get; set; }
    public required string Pattern { get; set; }
    public required string Document { get; set; }
    public int Version { get; set; }
    public long CreatedTicks { get; set; }
    public long UpdatedTicks { get; set; }
}

/// <summary>A value of a dimension, kept once and named by id in rows and segments.</summary>
public sealed class DimensionRow
{
    public long Id { get; set; }
    public int WorkspaceId { get; set; }
    public int Kind { get; set; }
    public required string Text { get; set; }
}

/// <summary>A distinct set of rates that priced at least one request.</summary>
public sealed class PriceVersionRow
{
    public long Id { get; set; }
    public required string Document { get; set; }
}

/// <summary>A reported request.</summary>
public sealed class RequestRow
{
    public long Seq { get; set; }
    public int WorkspaceId { get; set; }
    public required string ExternalId { get; set; }
    public int Revision { get; set; }
    public int Disposition { get; set; }
    public long OccurredTicks { get; set; }
    public long ReceivedTicks { get; set; }
    public long ProviderSentId { get; set; }
    public long ProviderId { get; set; }
    public long ModelId { get; set; }
    public long EndpointId { get; set; }
    public long VersionId { get; set; }
    public long? UserId { get; set; }
    public long? TenantId { get; set; }
    public long? KeyId { get; set; }
    public int Environment { get; set; }
    public int DataMode { get; set; }
    public int ServiceTier { get; set; }
    public long InputTokens { get; set; }
    public long OutputTokens { get; set; }
    public long CachedTokens { get; set; }
    public long CacheWriteTokens { get; set; }
    public long CacheWrite1hTokens { get; set; }
    public long ReasoningTokens { get; set; }
    public long AudioInputTokens { get; set; }
    public long AudioOutputTokens { get; set; }
    public long? CostNano { get; set; }
    public long? ReportedNano { get; set; }
    public long? PriceVersionId { get; set; }
    public int LatencyMs { get; set; }
    public bool IsError { get; set; }
    public long? ErrorCodeId { get; set; }
    public int Warnings { get; set; }
    public string? ProviderResponseId { get; set; }
    public string? Metadata { get; set; }
    public required byte[] Chain { get; set; }
}

/// <summary>A request taken back or replaced, chained like the rows themselves.</summary>
public sealed class CorrectionRow
{
    public long Id { get; set; }
    public int WorkspaceId { get; set; }
    public long RequestSeq { get; set; }
    public int Kind { get; set; }
    public long AtTicks { get; set; }
    public required string Actor { get; set; }
    public string? Reason { get; set; }
    public required byte[] Chain { get; set; }
}

/// <summary>Where the requests begin that are kept row by row: one row, or none.</summary>
public sealed class LedgerStartRow
{
    public int Id { get; set; }
    public long Seq { get; set; }
    public required byte[] Chain { get; set; }
    public long CostNano { get; set; }
    public long ReceivedTicks { get; set; }
}

/// <summary>A run of requests and corrections that reports read column by column.</summary>
public sealed class SegmentRow
{
    public long Id { get; set; }
    public int WorkspaceId { get; set; }
    public int Rows { get; set; }
    public int Cells { get; set; }
    public long FirstTicks { get; set; }
    public long LastTicks { get; set; }
    public long LastSeq { get; set; }
    public long LastCorrectionId { get; set; }
    public long CostNano { get; set; }

    /// <summary>Of it, its columns and all segments before; null for one that was sealed before there were hashes.</summary>
    public byte[]? Hash { get; set; }
}

/// <summary>One column of a segment, packed.</summary>
public sealed class SegmentColumnRow
{
    public long Place { get; set; }
    public required byte[] Data { get; set; }
}

/// <summary>What one window of one budget and key counted, and where it stands.</summary>
public sealed class MeterRow
{
    public int WorkspaceId { get; set; }
    public required string BudgetId { get; set; }
    public required string Key { get; set; }
    public long WindowStartTicks { get; set; }
    public long WindowEndTicks { get; set; }
    public long PricedNano { get; set; }
    public long EstimatedNano { get; set; }
    public long EstimatedApartNano { get; set; }
    public long Requests { get; set; }
    public long Tokens { get; set; }
    public long Unpriced { get; set; }
    public int State { get; set; }
    public bool Confirmed { get; set; }
    public long? PassedTicks { get; set; }
    public long? OverPlanTicks { get; set; }
    public long LatestTicks { get; set; }

    /// <summary>When a person released its block, or null; what it had used then follows.</summary>
    public long? ReleasedTicks { get; set; }
    public long ReleasedNano { get; set; }
    public long ReleasedRequests { get; set; }
    public long ReleasedTokens { get; set; }
}

/// <summary>A change of a window's state.</summary>
public sealed class TransitionRow
{
    public long Id { get; set; }
    public int WorkspaceId { get; set; }
    public required string BudgetId { get; set; }
    public required string BudgetName { get; set; }
    public required string Key { get; set; }
    public long WindowStartTicks { get; set; }
    public long WindowEndTicks { get; set; }
    public long AtTicks { get; set; }
    public long RecordedTicks { get; set; }
    public int FromState { get; set; }
    public bool FromConfirmed { get; set; }
    public int ToState { get; set; }
    public bool ToConfirmed { get; set; }
    public int Measure { get; set; }
    public long Used { get; set; }
    public long LimitValue { get; set; }
    public double? BurnLong { get; set; }
    public double? BurnShort { get; set; }
    public int Cause { get; set; }
}

/// <summary>What people were told of a budget, written with the change of state that it tells of.</summary>
public sealed class AlertRow
{
    public long Id { get; set; }
    public int WorkspaceId { get; set; }
    public required string BudgetId { get; set; }
    public required string BudgetName { get; set; }

    /// <summary>The endpoint that it is about, where it is not about a budget.</summary>
    public string? Subject { get; set; }
    public required string Key { get; set; }
    public long WindowStartTicks { get; set; }
    public long WindowEndTicks { get; set; }

    /// <summary>The gravest kind, and all kinds together as bits.</summary>
    public int Kind { get; set; }
    public int Kinds { get; set; }
    public long AtTicks { get; set; }
    public long RecordedTicks { get; set; }
    public int Measure { get; set; }
    public long Used { get; set; }
    public long LimitValue { get; set; }
    public double? BurnLong { get; set; }
    public double? BurnShort { get; set; }

    /// <summary>What the window was forecast to cost at its end, where that is what is told.</summary>
    public long? ForecastNano { get; set; }

    /// <summary>The kinds that are news again since, as bits.</summary>
    public int Rearmed { get; set; }

    /// <summary>True where it goes to the inbox and the digest, and to no channel.</summary>
    public bool IsQuiet { get; set; }
}

/// <summary>What became of a budget's alerts in one window.</summary>
public sealed class IncidentRow
{
    public int WorkspaceId { get; set; }
    public required string BudgetId { get; set; }
    public long WindowStartTicks { get; set; }
    public long OpenedTicks { get; set; }
    public required string Owner { get; set; }
    public long? AcknowledgedTicks { get; set; }
    public string? AcknowledgedBy { get; set; }
    public string? Outcome { get; set; }
    public long? SnoozedUntilTicks { get; set; }
    public long? RecoveredTicks { get; set; }

    /// <summary>When the last step of its escalation was over and nobody had said that they know.</summary>
    public long? UnreachedTicks { get; set; }
}

/// <summary>Money held for a call that was allowed and has not been reported yet.</summary>
public sealed class HoldRow
{
    public long Id { get; set; }
    public int WorkspaceId { get; set; }
    public required string ExternalId { get; set; }
    public required string BudgetId { get; set; }
    public required string Key { get; set; }
    public long WindowStartTicks { get; set; }
    public long WindowEndTicks { get; set; }
    public long HeldNano { get; set; }
    public int Basis { get; set; }
    public long CreatedTicks { get; set; }
    public long ExpiresTicks { get; set; }

    /// <summary>True once it is over and charged: the call probably ran, and its request has not come.</summary>
    public bool IsUnsettled { get; set; }
}

/// <summary>How far callers asked and obeyed a budget's key, or an endpoint of it, in its running window.</summary>
public sealed class EnforcementRow
{
    public int WorkspaceId { get; set; }
    public required string BudgetId { get; set; }
    public required string Key { get; set; }
    public required string EndpointTag { get; set; }
    public long WindowStartTicks { get; set; }
    public long SpentNano { get; set; }
    public long AskedNano { get; set; }
    public long WhileBlockedNano { get; set; }
    public long Blocked { get; set; }
    public long BlockIgnored { get; set; }
    public long Degraded { get; set; }
    public long DegradeIgnored { get; set; }
}

/// <summary>What a person set for one value until a time, whatever the budgets say.</summary>
public sealed class ContainmentRow
{
    public required string Id { get; set; }
    public int WorkspaceId { get; set; }
    public int Dimension { get; set; }
    public required string Value { get; set; }
    public string? WithinEndpoint { get; set; }
    public int Action { get; set; }
    public required string Reason { get; set; }
    public required string Actor { get; set; }
    public long CreatedTicks { get; set; }
    public long UntilTicks { get; set; }

    /// <summary>When a person ended it before its time, or null.</summary>
    public long? EndedTicks { get; set; }
    public string? EndedBy { get; set; }
}

/// <summary>Binds an act to all acts before it, so that one that was altered or taken out is found.</summary>
public sealed class AuditSealRow
{
    public long AuditId { get; set; }
    public int WorkspaceId { get; set; }
    public required byte[] Hash { get; set; }
}

/// <summary>Who changed what, and when.</summary>
public sealed class AuditRow
{
    public long Id { get; set; }
    public int WorkspaceId { get; set; }
    public long AtTicks { get; set; }
    public required string Actor { get; set; }
    public required string Action { get; set; }
    public required string Target { get; set; }
    public string? Before { get; set; }
    public string? After { get; set; }
}
