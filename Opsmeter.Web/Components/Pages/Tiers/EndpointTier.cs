using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Tiers;

/// <summary>An endpoint, what it cost, and which entry puts it into a tier.</summary>
/// <param name="Spend">What it cost lately.</param>
/// <param name="Entry">The entry, or null where none names it.</param>
public sealed record EndpointTier(EndpointSpendItem Spend, SavedTier? Entry)
{
    /// <summary>The endpoint.</summary>
    public string Endpoint => Spend.EndpointTag;

    /// <summary>Its tier; 0 while nobody has classified it.</summary>
    public int Tier => Entry?.Draft.Tier ?? 0;

    /// <summary>True when an entry names it alone.</summary>
    public bool HasOwnEntry => Entry is { IsExact: true };

    /// <summary>Puts endpoints and entries together by the rule that decisions use.</summary>
    public static IReadOnlyList<EndpointTier> Join(IEnumerable<EndpointSpendItem> endpoints, IReadOnlyList<SavedTier> entries)
    {
        var byPattern = entries.ToDictionary(entry => entry.Pattern, StringComparer.Ordinal);
        var map = new TierMap(
            entries.Select(entry => new TierEntry { Pattern = new Pattern(entry.Pattern), Tier = (Tier)(entry.Draft.Tier ?? 0) }), Opsmeter.Core.Budgets.Tier.Tier2);
        return
        [
            .. endpoints.Select(spend =>
            {
                var entry = map.For(spend.EndpointTag, out var classified);
                return new EndpointTier(spend, classified ? byPattern[entry.Pattern.ToString()] : null);
            }),
        ];
    }
}
