using Microsoft.EntityFrameworkCore;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>What people set for single values until a time. In force, audited and on disk when a change answers.</summary>
public sealed class ContainmentPolicies(IDbContextFactory<OpsmeterDb> databases, LedgerWriter writer, TimeProvider time)
{
    /// <summary>The most that are in force at once.</summary>
    public const int Most = 200;

    private const int LongestReason = 500;

    /// <summary>The dimensions that a value can be contained by.</summary>
    public static readonly IReadOnlyList<Dimension> Dimensions =
        [Dimension.EndpointTag, Dimension.TenantId, Dimension.UserId, Dimension.ApiKey, Dimension.Model];

    /// <summary>Those in force, the latest first; with <paramref name="all"/> those that are over too, 500 at most.</summary>
    public async Task<IReadOnlyList<ContainmentItem>> ListAsync(int workspaceId, bool all = false)
    {
        await using var db = await databases.CreateDbContextAsync();
        var now = time.GetUtcNow().UtcTicks;
        var rows = await db.Containments.AsNoTracking()
            .Where(row => row.WorkspaceId == workspaceId && (all || (row.UntilTicks > now && row.EndedTicks == null)))
            .OrderByDescending(row => row.CreatedTicks).Take(500).ToArrayAsync();
        return [.. rows.Select(Of)];
    }

    /// <summary>One, or null.</summary>
    public async Task<ContainmentItem?> FindAsync(int workspaceId, string id)
    {
        await using var db = await databases.CreateDbContextAsync();
        return await db.Containments.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == workspaceId && row.Id == id) is { } row ? Of(row) : null;
    }

    /// <summary>Sets one.</summary>
    public Task<PolicyResult<ContainmentItem>> CreateAsync(int workspaceId, ContainmentDraft draft, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            var (row, errors) = Check(draft, now);
            if (row is null)
            {
                return PolicyStore.Refuse<ContainmentItem>(new PolicyResult<ContainmentItem>.Invalid(errors));
            }

            if (db.Containments.Count(other => other.WorkspaceId == workspaceId && other.UntilTicks > now.UtcTicks && other.EndedTicks == null) >= Most)
            {
                return PolicyStore.Refuse<ContainmentItem>(new PolicyResult<ContainmentItem>.Taken(
                    "value", $"{Most} containments are in force: end one first, or make a budget of them."));
            }

            (row.WorkspaceId, row.Actor) = (workspaceId, actor);
            db.Containments.Add(row);
            var item = Of(row);
            db.Audit(workspaceId, now, actor, "containment.create", row.Id, null, PolicyStore.Write(item));
            return PolicyStore.Keep(item, 1, []);
        });

    /// <summary>Ends one before its time.</summary>
    public Task<PolicyResult<ContainmentItem>> EndAsync(int workspaceId, string id, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            var row = db.Containments.SingleOrDefault(row => row.WorkspaceId == workspaceId && row.Id == id);
            if (row is null || row.EndedTicks is not null || row.UntilTicks <= now.UtcTicks)
            {
                return PolicyStore.Refuse<ContainmentItem>(new PolicyResult<ContainmentItem>.Missing());
            }

            var before = Of(row);
            (row.EndedTicks, row.EndedBy) = (now.UtcTicks, actor);
            var item = Of(row);
            db.Audit(workspaceId, now, actor, "containment.end", id, PolicyStore.Write(before), PolicyStore.Write(item));
            return PolicyStore.Keep(item, 1, []);
        });

    private static (ContainmentRow? Row, IReadOnlyDictionary<string, string[]> Errors) Check(ContainmentDraft draft, DateTimeOffset now)
    {
        var errors = new FieldErrors();
        if (draft.Dimension is not { } dimension || !Dimensions.Contains(dimension))
        {
            errors.Add("dimension", "Must be one of endpointTag, tenantId, userId, apiKey, model.");
        }

        if (draft.Action is null)
        {
            errors.Add("action", "Must be one of block, degrade, exempt.");
        }

        var value = errors.Line("value", draft.Value, 200, "Write the value it is about, 1 to 200 characters.");
        var within = draft.WithinEndpoint is null ? null
            : errors.Line("withinEndpoint", draft.WithinEndpoint, 200, "Write an endpoint or a pattern, 1 to 200 characters, or leave it out.");
        var reason = errors.Line("reason", draft.Reason, LongestReason, "Write why, 1 to 500 characters.");
        var until = draft.Until ?? now + Containment.Usual;
        if (until <= now || until > now + Containment.Longest)
        {
            errors.Add("until", "Must be later than now, by 7 days at most.");
        }

        return errors.IsEmpty
            ? (new ContainmentRow
            {
                Id = PolicyStore.NewId("con_"),
                Dimension = (int)draft.Dimension!.Value,
                Value = value!,
                WithinEndpoint = within,
                Action = (int)draft.Action!.Value,
                Reason = reason!,
                Actor = "",
                CreatedTicks = now.UtcTicks,
                UntilTicks = until.UtcTicks,
            }, errors.ToDictionary())
            : (null, errors.ToDictionary());
    }

    private static ContainmentItem Of(ContainmentRow row) => new()
    {
        Id = row.Id,
        Dimension = (Dimension)row.Dimension,
        Value = row.Value,
        WithinEndpoint = row.WithinEndpoint,
        Action = (ContainmentAction)row.Action,
        Until = new DateTimeOffset(row.UntilTicks, TimeSpan.Zero),
        Reason = row.Reason,
        By = row.Actor,
        CreatedAt = new DateTimeOffset(row.CreatedTicks, TimeSpan.Zero),
        EndedAt = row.EndedTicks is { } ended ? new DateTimeOffset(ended, TimeSpan.Zero) : null,
        EndedBy = row.EndedBy,
    };
}
