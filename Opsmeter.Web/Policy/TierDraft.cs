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

    /// <summary>A draft that says what an entry says, to be changed.</summary>
    public static TierDraft Of(TierDocument tier) => new()
    {
        Pattern = tier.Pattern,
        Tier = tier.Tier,
        Owner = tier.Owner,
        DegradedMode = DegradedModeDraft.Of(tier.DegradedMode),
        BlockMessage = tier.BlockMessage,
        Notes = tier.Notes,
    };
}
