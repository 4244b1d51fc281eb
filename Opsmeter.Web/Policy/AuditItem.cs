namespace Opsmeter.Web.Policy;

/// <summary>One act, as it was written when it was done.</summary>
/// <param name="Id">Its place; grows with time.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who: a member's e-mail, <c>key opm_…</c>, or a part of the product.</param>
/// <param name="Action">What: <c>budget.create</c>, <c>settings.replace</c>.</param>
/// <param name="Target">On what: an id, a pattern, a request.</param>
/// <param name="Before">What was there before, JSON or text; null where nothing was.</param>
/// <param name="After">What is there after, or the reason; null where nothing is.</param>
public sealed record AuditItem(long Id, DateTimeOffset At, string Actor, string Action, string Target, string? Before, string? After);

/// <summary>Which acts are asked for. Everything given has to match.</summary>
public sealed record AuditQuery
{
    /// <summary>Whose name contains this.</summary>
    public string? Actor { get; init; }

    /// <summary>Whose kind begins with this: <c>budget</c>, <c>budget.release</c>.</summary>
    public string? Action { get; init; }

    /// <summary>On exactly this.</summary>
    public string? Target { get; init; }

    /// <summary>That have this text anywhere, whatever its case.</summary>
    public string? Text { get; init; }

    /// <summary>From, inclusive.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>To, exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Older than the act in this place.</summary>
    public long? Before { get; init; }
}
