using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>Puts endpoints into tiers, many at once, and says first what that changes.</summary>
public sealed class TierMoves(PolicyDocuments documents, Boards boards, TimeProvider time)
{
    /// <summary>What callers would be told otherwise at once.</summary>
    public IReadOnlyList<TierMove> Preview(int workspaceId, IEnumerable<(string Endpoint, int Tier)> moves)
    {
        var (board, now) = (boards[workspaceId], time.GetUtcNow());
        return [.. moves.SelectMany(move => TierMove.Of(board, move.Endpoint, (Tier)move.Tier, now))];
    }

    /// <summary>Makes the moves, all or none, each by an entry of the endpoint's own.</summary>
    /// <remarks>
    /// An endpoint that a pattern covered keeps that pattern's owner, degraded mode and message: an exact entry stands in
    /// front of the pattern altogether, and only the tier was asked to change.
    /// </remarks>
    /// <returns>Takes them back where nobody has changed the policy since; null where they could not be made.</returns>
    public async Task<Func<Task<bool>>?> MoveAsync(int workspaceId, IReadOnlyList<(string Endpoint, int Tier)> moves, string actor)
    {
        var (before, tag) = await documents.ReadAsync(workspaceId);
        var map = new TierMap(before.Tiers.Select(tier => tier.ToEntry()), Tier.Tier2);
        var all = before.Tiers.ToDictionary(tier => tier.Pattern, Item, StringComparer.Ordinal);
        foreach (var (endpoint, tier) in moves)
        {
            var covering = map.For(endpoint, out var classified).Pattern.ToString();
            var draft = classified ? TierDraft.Of(before.Tiers.First(entry => entry.Pattern == covering)) : new TierDraft();
            var isOwn = classified && covering == endpoint;
            (draft.Pattern, draft.Tier, draft.Notes, draft.Reason) = (endpoint, tier, isOwn ? draft.Notes : null, isOwn ? draft.Reason : null);
            all[endpoint] = new PolicyDraft.Item<TierDraft>(isOwn ? all[endpoint].Id : null, draft);
        }

        var (plan, _) = await documents.ApplyAsync(workspaceId, new PolicyDraft { Tiers = [.. all.Values] }, current => current == tag, actor);
        if (plan is null)
        {
            return null;
        }

        var (_, after) = await documents.ReadAsync(workspaceId);
        return async () => (await documents.ApplyAsync(
            workspaceId, new PolicyDraft { Tiers = [.. before.Tiers.Select(Item)] }, current => current == after, actor)).Plan is not null;
    }

    private static PolicyDraft.Item<TierDraft> Item(TierDocument tier) => new(tier.Id, TierDraft.Of(tier));
}
