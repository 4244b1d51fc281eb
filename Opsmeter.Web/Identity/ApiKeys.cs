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

    /// <summary>Makes a key.</summary>
    /// <returns>The key as it is listed, and its text, which is shown this once.</returns>
    public async Task<(KeyItem Item, string Key)> CreateAsync(
        int workspaceId, string name, KeyScopes scopes, DeploymentEnvironment? environment, DateTimeOffset? expires, string actor,
        string? text = null)
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
        };
        await using var db = await databases.CreateDbContextAsync();
        db.ApiKeys.Add(row);
        db.Audit.Add(AuditOf(row, actor, "key.create", now));
        await db.SaveChangesAsync();
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
    };

    private static DateTimeOffset? InstantOf(long? ticks) => ticks is { } known ? new DateTimeOffset(known, TimeSpan.Zero) : null;

    private static AuditRow AuditOf(ApiKeyRow row, string actor, string action, DateTimeOffset now) => new()
    {
        WorkspaceId = row.WorkspaceId,
        AtTicks = now.UtcTicks,
        Actor = actor,
        Action = action,
        Target = row.Prefix,
        After = JsonSerializer.Serialize(
            new { row.Name, Scopes = ((KeyScopes)row.Scopes).ToString(), Environment = (DeploymentEnvironment?)row.Environment },
            DocumentJson.Options),
    };
}
