using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>A tier entry while it is being written, by the form or by a caller of the API.</summary>
public sealed class TierDraft
{
    public string? Pattern { get; set; }
    public int? Tier { get; set; }
    public string? Owner { get; set; }
    public DegradedModeDraft? DegradedMode { get; set; }
    public string? BlockMessage { get; set; }
    public string? Notes { get; set; }
    public TierReasonDraft? Reason { get; set; }

    /// <summary>A draft that says what an entry says, to be changed.</summary>
    public static TierDraft Of(TierDocument tier) => new()
    {
        Pattern = tier.Pattern,
        Tier = tier.Tier,
        Owner = tier.Owner,
        DegradedMode = DegradedModeDraft.Of(tier.DegradedMode),
        BlockMessage = tier.BlockMessage,
        Notes = tier.Notes,
        Reason = tier.Reason is { } reason
            ? new TierReasonDraft { EarnsMoney = reason.EarnsMoney, IsPublic = reason.IsPublic, IsExpensive = reason.IsExpensive, IsEasyToAbuse = reason.IsEasyToAbuse }
            : null,
    };
}

/// <summary>The answers behind a tier while they are being given; null is no answer.</summary>
public sealed class TierReasonDraft
{
    public bool? EarnsMoney { get; set; }
    public bool? IsPublic { get; set; }
    public bool? IsExpensive { get; set; }
    public bool? IsEasyToAbuse { get; set; }

    /// <summary>The tier that the answers speak for; null while they say nothing.</summary>
    public int? Suggested => EarnsMoney == true ? 1
        : IsEasyToAbuse == true || (IsPublic == true && IsExpensive == true) ? 3
        : EarnsMoney is not null || IsPublic is not null || IsExpensive is not null || IsEasyToAbuse is not null ? 2
        : null;
}
