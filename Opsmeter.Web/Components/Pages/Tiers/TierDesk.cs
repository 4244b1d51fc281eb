using Opsmeter.Web.Live;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Tiers;

/// <summary>What the tier pages read and change.</summary>
public sealed class TierDesk(TierPolicies tiers, BudgetPolicies budgets, EndpointSpend endpoints, LiveFeed live)
{
    private static readonly TimeSpan SeenFor = TimeSpan.FromDays(30);

    /// <summary>Every endpoint seen in 30 days, dearest first.</summary>
    public Task<IReadOnlyList<EndpointSpendItem>> EndpointsAsync(int workspaceId) => endpoints.ReadAsync(workspaceId, SeenFor);

    /// <summary>All entries: patterns and single endpoints.</summary>
    public async Task<IReadOnlyList<SavedTier>> EntriesAsync(int workspaceId)
    {
        var all = await tiers.ListAsync(workspaceId);
        return
        [
            .. all.Select(item => new SavedTier(item.Document.Id, item.Version, TierDraft.Of(item.Document)))
                .OrderBy(entry => entry.Draft.Tier).ThenBy(entry => entry.Pattern, StringComparer.Ordinal),
        ];
    }

    /// <summary>Who can own an entry.</summary>
    public Task<IReadOnlyList<string>> OwnersAsync(int workspaceId) => budgets.OwnersAsync(workspaceId);

    /// <summary>Puts one endpoint into a tier by an entry of its own.</summary>
    /// <remarks>
    /// An endpoint that a pattern covered keeps that pattern's owner, degraded mode and message: an exact entry stands in
    /// front of the pattern altogether, and only the tier was asked to change.
    /// </remarks>
    internal Task<SaveOutcome> ClassifyAsync(int workspaceId, EndpointTier endpoint, int tier, string actor)
    {
        var entry = endpoint.Entry;
        var draft = new TierDraft
        {
            Pattern = endpoint.Endpoint,
            Tier = tier,
            Owner = entry?.Draft.Owner,
            DegradedMode = entry?.Draft.DegradedMode,
            BlockMessage = entry?.Draft.BlockMessage,
            Notes = endpoint.HasOwnEntry ? entry?.Draft.Notes : null,
        };
        return SaveAsync(workspaceId, endpoint.HasOwnEntry ? entry : null, draft, actor);
    }

    /// <summary>Saves an entry: makes it where there is none yet.</summary>
    internal async Task<SaveOutcome> SaveAsync(int workspaceId, SavedTier? saved, TierDraft draft, string actor) =>
        SaveOutcome.Of(
            saved is null
                ? await tiers.CreateAsync(workspaceId, draft, actor)
                : await tiers.ReplaceAsync(workspaceId, saved.Id, draft, saved.Version, actor),
            document => document.Id);

    /// <summary>Deletes an entry.</summary>
    internal async Task<SaveOutcome> DeleteAsync(int workspaceId, SavedTier entry, string actor) =>
        SaveOutcome.Of(await tiers.DeleteAsync(workspaceId, entry.Id, entry.Version, actor), document => document.Id);

    /// <summary>Watches the workspace until the result is disposed.</summary>
    public IDisposable Watch(int workspaceId, Func<LiveUpdate, Task> onUpdate) => live.Subscribe(workspaceId, onUpdate);
}
