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

    public TierEntry ToEntry() => new()
    {
        Pattern = new Pattern(Pattern),
        Tier = (Tier)Tier,
        DegradedMode = DegradedMode?.ToMode(),
        BlockMessage = BlockMessage,
    };
}
