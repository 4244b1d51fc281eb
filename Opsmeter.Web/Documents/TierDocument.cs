using System.Text.Json.Serialization;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Documents;

/// <summary>A tier entry as people edit it.</summary>
public sealed record TierDocument
{
    public string Id { get; init; } = "";
    public required string Pattern { get; init; }
    public required int Tier { get; init; }
    public string? Owner { get; init; }
    public DegradedModeDocument? DegradedMode { get; init; }
    public string? BlockMessage { get; init; }
    public string? Notes { get; init; }

    /// <summary>Why it is in that tier, in answers; null where nobody was asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TierReasonDocument? Reason { get; init; }

    public TierEntry ToEntry() => new()
    {
        Pattern = new Pattern(Pattern),
        Tier = (Tier)Tier,
        DegradedMode = DegradedMode?.ToMode(),
        BlockMessage = BlockMessage,
    };
}

/// <summary>The answers that say which tier an endpoint belongs in; null is no answer.</summary>
/// <param name="EarnsMoney">Money is lost while it does not work.</param>
/// <param name="IsPublic">Anyone can call it.</param>
/// <param name="IsExpensive">A request costs much.</param>
/// <param name="IsEasyToAbuse">One caller can make many requests of it.</param>
public sealed record TierReasonDocument(bool? EarnsMoney = null, bool? IsPublic = null, bool? IsExpensive = null, bool? IsEasyToAbuse = null);
