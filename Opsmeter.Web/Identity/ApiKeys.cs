using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Identity;

/// <summary>Makes, lists and revokes keys; every change is audited and in force when it returns.</summary>
public sealed class ApiKeys(IDbContextFactory<OpsmeterDb> databases, KeyRing ring, TimeProvider time)
{
    /// <summary>The longest name.</summary>
    public const int LongestName = 100;

    /// <summary>The least and the most of a limit, in requests a minute.</summary>
    public const int LeastPerMinute = 1;
    public const int MostPerMinute = 1_000_000;

    /// <summary>How long a key that was replaced goes on, unless told otherwise.</summary>
    public static readonly TimeSpan UsualOverlap = TimeSpan.FromHours(24);

    /// <summary>The longest that it can.</summary>
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(30);

    /// <summary>Makes a key.</summary>
    /// <returns>The key as it is listed, and its text, which is shown this once.</returns>
    public async Task<(KeyItem Item, string Key)> CreateAsync(
        int workspaceId, string name, KeyScopes scopes, DeploymentEnvironment? environment, DateTimeOffset? expires, string actor,
        string? text = null, int? requestsPerMinute = null)
    {
        var key = text ?? ApiKeyText.Create();
        var now = time.GetUtcNow();
        var row = new ApiKeyRow
        {
            WorkspaceId = workspaceId,
            Name = name,
            Prefix = ApiKeyText.PrefixOf(key),
            Hash = ApiKeyText.Hash(key),
            Scopes = (int)scopes,
            Environment = (int?)environment,
            CreatedTicks = now.UtcTicks,
            CreatedBy = actor,
            ExpiresTicks = expires?.UtcTicks,
            RequestsPerMinute = requestsPerMinute,
        };
        await using var db = await databases.CreateDbContextAsync();
        db.ApiKeys.Add(row);
        db.Audit.Add(AuditOf(row, actor, "key.create", now));
        await db.SaveChangesAsync();
        await ring.ReloadAsync();
        return (ItemOf(row), key);
    }

    /// <summary>Makes a key that takes another's place: as it is, with a new secret. Both are good for a while.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="id">The key that is replaced.</param>
    /// <param name="overlap">How long it goes on; not past the time that it ends anyway.</param>
    /// <param name="actor">Who does it.</param>
    /// <returns>The new key and its text, which is shown this once; null where there is no such key in force.</returns>
    public async Task<(KeyItem Item, string Key)?> RotateAsync(int workspaceId, int id, TimeSpan overlap, string actor)
    {
        var now = time.GetUtcNow();
        var key = ApiKeyText.Create();
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var old = await db.ApiKeys.SingleOrDefaultAsync(
            row => row.WorkspaceId == workspaceId && row.Id == id && row.RevokedTicks == null && row.ReplacedBy == null);
        if (old is null || !ItemOf(old).IsInForce(now))
        {
            return null;
        }

        var row = new ApiKeyRow
        {
            WorkspaceId = workspaceId, Name = old.Name, Prefix = ApiKeyText.PrefixOf(key), Hash = ApiKeyText.Hash(key), Scopes = old.Scopes,
            Environment = old.Environment, CreatedTicks = now.UtcTicks, CreatedBy = actor, ExpiresTicks = old.ExpiresTicks, RequestsPerMinute = old.RequestsPerMinute,
        };
        db.ApiKeys.Add(row);
        await db.SaveChangesAsync();
        old.ReplacedBy = row.Id;
        old.ExpiresTicks = Math.Min(old.ExpiresTicks ?? long.MaxValue, (now + overlap).UtcTicks);
        db.Audit.Add(AuditOf(row, actor, "key.rotate", now, old.Prefix));
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        await ring.ReloadAsync();
        return (ItemOf(row), key);
    }

    /// <summary>Revokes a key.</summary>
    /// <returns>False when there is no such key in force.</returns>
    public async Task<bool> RevokeAsync(int workspaceId, int id, string actor)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync();
        var row = await db.ApiKeys.SingleOrDefaultAsync(
            candidate => candidate.WorkspaceId == workspaceId && candidate.Id == id && candidate.RevokedTicks == null);
        if (row is null)
        {
            return false;
        }

        row.RevokedTicks = now.UtcTicks;
        db.Audit.Add(AuditOf(row, actor, "key.revoke", now));
        await db.SaveChangesAsync();
        await ring.ReloadAsync();
        return true;
    }

    /// <summary>The workspace's keys, newest first, revoked ones included.</summary>
    public async Task<IReadOnlyList<KeyItem>> ListAsync(int workspaceId)
    {
        await using var db = await databases.CreateDbContextAsync();
        var rows = await db.ApiKeys.AsNoTracking().Where(row => row.WorkspaceId == workspaceId)
            .OrderByDescending(row => row.Id).ToArrayAsync();
        return [.. rows.Select(ItemOf)];
    }

    /// <summary>One key, or null.</summary>
    public async Task<KeyItem?> FindAsync(int workspaceId, int id)
    {
        await using var db = await databases.CreateDbContextAsync();
        return await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == workspaceId && row.Id == id) is { } row ? ItemOf(row) : null;
    }

    private static KeyItem ItemOf(ApiKeyRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Prefix = row.Prefix,
        Scopes = (KeyScopes)row.Scopes,
        Environment = (DeploymentEnvironment?)row.Environment,
        CreatedAt = new DateTimeOffset(row.CreatedTicks, TimeSpan.Zero),
        CreatedBy = row.CreatedBy,
        ExpiresAt = InstantOf(row.ExpiresTicks),
        RevokedAt = InstantOf(row.RevokedTicks),
        LastUsedAt = InstantOf(row.LastUsedTicks),
        RequestsPerMinute = row.RequestsPerMinute,
        ReplacedBy = row.ReplacedBy,
    };

    private static DateTimeOffset? InstantOf(long? ticks) => ticks is { } known ? new DateTimeOffset(known, TimeSpan.Zero) : null;

    private static AuditRow AuditOf(ApiKeyRow row, string actor, string action, DateTimeOffset now, string? before = null) => new()
    {
        WorkspaceId = row.WorkspaceId,
        AtTicks = now.UtcTicks,
        Actor = actor,
        Action = action,
        Target = row.Prefix,
        Before = before,
        After = JsonSerializer.Serialize(
            new { row.Name, Scopes = ((KeyScopes)row.Scopes).ToString(), Environment = (DeploymentEnvironment?)row.Environment, row.RequestsPerMinute },
            DocumentJson.Options),
    };
}
