using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Tiers;

/// <summary>An entry of the tiers as it is in force.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Draft">What it says.</param>
public sealed record SavedTier(string Id, int Version, TierDraft Draft)
{
    /// <summary>Its pattern.</summary>
    public string Pattern => Draft.Pattern ?? "";

    /// <summary>True when it names one endpoint.</summary>
    public bool IsExact => !Pattern.EndsWith('*');
}
