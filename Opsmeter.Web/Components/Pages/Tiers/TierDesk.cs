using System.Text.Json;
using Opsmeter.Core.Decisions;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Live;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Tiers;

/// <summary>What the tier pages read and change.</summary>
public sealed class TierDesk(TierPolicies tiers, BudgetPolicies budgets, EndpointSpend endpoints, TierMoves moves, WorkspacePolicies workspaces, LiveFeed live)
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

    /// <summary>What callers would be told otherwise at once.</summary>
    public IReadOnlyList<TierMove> Preview(int workspaceId, IReadOnlyList<(string Endpoint, int Tier)> list) => moves.Preview(workspaceId, list);

    /// <summary>Puts endpoints into tiers, all or none.</summary>
    /// <returns>Takes it back; null where it could not be done.</returns>
    public Task<Func<Task<bool>>?> MoveAsync(int workspaceId, IReadOnlyList<(string Endpoint, int Tier)> list, string actor) => moves.MoveAsync(workspaceId, list, actor);

    /// <summary>What degraded callers of each tier are told.</summary>
    public async Task<TierModesDraft> ModesAsync(int workspaceId) => TierModesDraft.Of((await workspaces.ReadAsync(workspaceId)).Document.DegradedModes ?? TierModesDocument.None);

    /// <summary>A copy, to be changed on its own.</summary>
    public DegradedModeDraft? Copy(DegradedModeDraft? mode) => JsonSerializer.Deserialize<DegradedModeDraft>(JsonSerializer.Serialize(mode));

    /// <summary>Saves what degraded callers of a tier are told; the others stay.</summary>
    /// <returns>What to write instead, by field; empty when it is in force.</returns>
    public async Task<IReadOnlyDictionary<string, string[]>> SaveModeAsync(int workspaceId, int tier, DegradedModeDraft? mode, string actor)
    {
        var current = await workspaces.ReadAsync(workspaceId);
        var modes = TierModesDraft.Of(current.Document.DegradedModes ?? TierModesDocument.None);
        (modes.Tier1, modes.Tier2, modes.Tier3) = (tier == 1 ? mode : modes.Tier1, tier == 2 ? mode : modes.Tier2, tier == 3 ? mode : modes.Tier3);
        return await workspaces.ReplaceAsync(workspaceId, new SettingsDraft { DegradedModes = modes, KeepsCeilingPrice = true }, current.Version, actor) switch
        {
            PolicyResult<SettingsDocument>.Invalid wrong => wrong.Errors,
            PolicyResult<SettingsDocument>.Saved => new Dictionary<string, string[]>(),
            _ => throw new InvalidOperationException("The settings were changed meanwhile."),
        };
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
