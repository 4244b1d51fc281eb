using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>
/// The tier entries of a workspace, for the API and the pages. A change is on disk, audited and in force when it answers:
/// the next decision follows it. Changes throw <see cref="LedgerUnavailableException"/> when the store cannot take them.
/// </summary>
public sealed class TierPolicies(IDbContextFactory<OpsmeterDb> databases, LedgerWriter writer)
{
    /// <summary>The entries, by pattern.</summary>
    public async Task<IReadOnlyList<Versioned<TierDocument>>> ListAsync(int workspaceId)
    {
        await using var db = await databases.CreateDbContextAsync();
        var rows = await db.Tiers.AsNoTracking().Where(row => row.WorkspaceId == workspaceId).ToArrayAsync();
        return [.. rows.OrderBy(row => row.Pattern, StringComparer.Ordinal).Select(Of)];
    }

    /// <summary>One entry, or null.</summary>
    public async Task<Versioned<TierDocument>?> FindAsync(int workspaceId, string id)
    {
        await using var db = await databases.CreateDbContextAsync();
        var row = await db.Tiers.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == workspaceId && row.Id == id);
        return row is null ? null : Of(row);
    }

    /// <summary>Makes an entry.</summary>
    public Task<PolicyResult<TierDocument>> CreateAsync(int workspaceId, TierDraft draft, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            var (tier, errors) = TierRules.Check(draft, PolicyStore.MemberEmails(db, workspaceId), PolicyStore.NewId("tier_"));
            if (tier is null)
            {
                return PolicyStore.Refuse<TierDocument>(new PolicyResult<TierDocument>.Invalid(errors));
            }

            if (IsTaken(db, workspaceId, tier))
            {
                return PolicyStore.Refuse(Taken());
            }

            Add(db, workspaceId, tier, now, actor);
            return PolicyStore.Keep(tier, 1, CountedAnew(null, tier));
        });

    /// <summary>Replaces an entry whole; with a version, only while that is its version.</summary>
    public Task<PolicyResult<TierDocument>> ReplaceAsync(int workspaceId, string id, TierDraft draft, int? version, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            if (Find(db, workspaceId, id, version, out var row) is { } refused)
            {
                return PolicyStore.Refuse(refused);
            }

            var (tier, errors) = TierRules.Check(draft, PolicyStore.MemberEmails(db, workspaceId), id);
            if (tier is null)
            {
                return PolicyStore.Refuse<TierDocument>(new PolicyResult<TierDocument>.Invalid(errors));
            }

            if (IsTaken(db, workspaceId, tier))
            {
                return PolicyStore.Refuse(Taken());
            }

            return Overwrite(db, row!, tier, now, actor);
        });

    /// <summary>Deletes an entry: what it matched falls to the next pattern, or to the default tier.</summary>
    public Task<PolicyResult<TierDocument>> DeleteAsync(int workspaceId, string id, int? version, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            if (Find(db, workspaceId, id, version, out var row) is { } refused)
            {
                return PolicyStore.Refuse(refused);
            }

            Remove(db, row!, now, actor);
            return PolicyStore.Keep(Of(row!).Document, row!.Version, CountedAnew(Of(row).Document, null));
        });

    internal static PolicyEdit<PolicyResult<TierDocument>> Overwrite(
        OpsmeterDb db, TierRow row, TierDocument tier, DateTimeOffset now, string actor)
    {
        var document = PolicyStore.Write(tier);
        if (document == row.Document)
        {
            return PolicyStore.Refuse<TierDocument>(new PolicyResult<TierDocument>.Saved(Of(row)));
        }

        var counted = CountedAnew(Of(row).Document, tier);
        db.Audit(row.WorkspaceId, now, actor, "tier.replace", row.Id, row.Document, document);
        row.Pattern = tier.Pattern;
        row.Document = document;
        row.Version++;
        row.UpdatedTicks = now.UtcTicks;
        return PolicyStore.Keep(tier, row.Version, counted);
    }

    /// <summary>Adds an entry that was checked.</summary>
    internal static void Add(OpsmeterDb db, int workspaceId, TierDocument tier, DateTimeOffset now, string actor)
    {
        var document = PolicyStore.Write(tier);
        db.Tiers.Add(new TierRow
        {
            Id = tier.Id,
            WorkspaceId = workspaceId,
            Pattern = tier.Pattern,
            Document = document,
            Version = 1,
            CreatedTicks = now.UtcTicks,
            UpdatedTicks = now.UtcTicks,
        });
        db.Audit(workspaceId, now, actor, "tier.create", tier.Id, null, document);
    }

    /// <summary>Removes an entry.</summary>
    internal static void Remove(OpsmeterDb db, TierRow row, DateTimeOffset now, string actor)
    {
        db.Tiers.Remove(row);
        db.Audit(row.WorkspaceId, now, actor, "tier.delete", row.Id, row.Document, null);
    }

    /// <summary>
    /// A tier says whether an unpriced request counts at the ceiling price: where the map changes all budgets are counted
    /// anew, which null stands for.
    /// </summary>
    private static string[]? CountedAnew(TierDocument? before, TierDocument? after) =>
        before?.Pattern == after?.Pattern && before?.Tier == after?.Tier ? [] : null;

    private static PolicyResult<TierDocument>? Find(OpsmeterDb db, int workspaceId, string id, int? version, out TierRow? row)
    {
        row = db.Tiers.SingleOrDefault(row => row.WorkspaceId == workspaceId && row.Id == id);
        return row is null ? new PolicyResult<TierDocument>.Missing()
            : version is { } expected && expected != row.Version ? new PolicyResult<TierDocument>.ChangedSince(Of(row))
            : null;
    }

    private static bool IsTaken(OpsmeterDb db, int workspaceId, TierDocument tier) =>
        db.Tiers.Any(row => row.WorkspaceId == workspaceId && row.Pattern == tier.Pattern && row.Id != tier.Id);

    private static PolicyResult<TierDocument> Taken() =>
        new PolicyResult<TierDocument>.Taken("pattern", "Write another pattern: an entry of this workspace has this one.");

    internal static Versioned<TierDocument> Of(TierRow row) => new(PolicyStore.Read<TierDocument>(row.Document), row.Version);
}
