using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>Where members are signed in. A session ends when it is ended here, whatever a cookie says.</summary>
public sealed class MemberSessions(IDbContextFactory<OpsmeterDb> databases, MemberRoll roll, TimeProvider time)
{
    /// <summary>How long a session that is not used lasts.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromDays(14);

    private const int IdBytes = 24;
    private const int LongestAgent = 200;

    // The oldest end first: nobody uses so many devices.
    private const int MostPerMember = 30;

    private readonly ConcurrentDictionary<string, long> _seen = new(StringComparer.Ordinal);

    /// <summary>Begins a session.</summary>
    /// <param name="means">How the member signed in: <c>password</c>, <c>password and code</c>, <c>passkey</c>, or a provider's name.</param>
    /// <returns>Its id; null where the member may enter no workspace.</returns>
    public async Task<string?> OpenAsync(string memberId, string address, string agent, string means)
    {
        await using var db = await databases.CreateDbContextAsync();
        var workspace = await db.Memberships.Where(row => row.MemberId == memberId && row.SuspendedTicks == null)
            .OrderBy(row => row.WorkspaceId).Select(row => (int?)row.WorkspaceId).FirstOrDefaultAsync();
        if (workspace is null)
        {
            return null;
        }

        // Back to where the member was last, if that is still open.
        var last = await db.Sessions.Where(row => row.MemberId == memberId).OrderByDescending(row => row.SeenTicks).Select(row => (int?)row.WorkspaceId).FirstOrDefaultAsync();
        if (last is not null && await db.Memberships.AnyAsync(row => row.MemberId == memberId && row.WorkspaceId == last && row.SuspendedTicks == null))
        {
            workspace = last;
        }

        var now = time.GetUtcNow().UtcTicks;
        var session = new SessionRow
        {
            Id = Convert.ToHexString(RandomNumberGenerator.GetBytes(IdBytes)), MemberId = memberId, WorkspaceId = workspace.Value, CreatedTicks = now, SeenTicks = now,
            Address = address, Agent = agent.Length > LongestAgent ? agent[..LongestAgent] : agent, Means = means,
        };
        db.Sessions.Add(session);
        await db.SaveChangesAsync();
        var tooMany = await db.Sessions.Where(row => row.MemberId == memberId).OrderByDescending(row => row.SeenTicks).Skip(MostPerMember).Select(row => row.Id).ToArrayAsync();
        await db.Sessions.Where(row => tooMany.Contains(row.Id)).ExecuteDeleteAsync();
        await roll.ReloadAsync();
        return session.Id;
    }

    /// <summary>A member's sessions, the last used first.</summary>
    public async Task<IReadOnlyList<SessionItem>> ListAsync(string memberId)
    {
        await using var db = await databases.CreateDbContextAsync();
        var rows = await db.Sessions.AsNoTracking().Where(row => row.MemberId == memberId).OrderByDescending(row => row.SeenTicks).ToArrayAsync();
        return [.. rows.Select(row => new SessionItem(row.Id, Instant(row.CreatedTicks), Instant(Math.Max(row.SeenTicks, _seen.GetValueOrDefault(row.Id))), row.Address, row.Agent, row.Means))];
    }

    /// <summary>Ends one session of a member.</summary>
    public async Task CloseAsync(string memberId, string sessionId)
    {
        await using var db = await databases.CreateDbContextAsync();
        await db.Sessions.Where(row => row.MemberId == memberId && row.Id == sessionId).ExecuteDeleteAsync();
        await roll.ReloadAsync();
    }

    /// <summary>Ends a member's sessions everywhere; <paramref name="except"/> goes on.</summary>
    public async Task CloseAllAsync(string memberId, string? except = null)
    {
        await using var db = await databases.CreateDbContextAsync();
        await db.Sessions.Where(row => row.MemberId == memberId && row.Id != except).ExecuteDeleteAsync();
        await roll.ReloadAsync();
    }

    /// <summary>Moves a session to another workspace that its member may enter.</summary>
    /// <returns>False where the member may not.</returns>
    public async Task<bool> MoveAsync(string memberId, string sessionId, int workspaceId)
    {
        await using var db = await databases.CreateDbContextAsync();
        if (!await db.Memberships.AnyAsync(row => row.MemberId == memberId && row.WorkspaceId == workspaceId && row.SuspendedTicks == null))
        {
            return false;
        }

        await db.Sessions.Where(row => row.MemberId == memberId && row.Id == sessionId)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.WorkspaceId, workspaceId));
        await roll.ReloadAsync();
        return true;
    }

    /// <summary>Remembers that a session was used now; written down now and then.</summary>
    public void Note(string sessionId) => _seen[sessionId] = time.GetUtcNow().UtcTicks;

    /// <summary>Writes down when sessions were used, and forgets those that nobody used for long.</summary>
    public async Task WriteAsync()
    {
        await using var db = await databases.CreateDbContextAsync();
        foreach (var id in _seen.Keys)
        {
            if (_seen.TryRemove(id, out var ticks))
            {
                await db.Sessions.Where(row => row.Id == id).ExecuteUpdateAsync(update => update.SetProperty(row => row.SeenTicks, ticks));
            }
        }

        var before = (time.GetUtcNow() - Idle).UtcTicks;
        await db.Sessions.Where(row => row.SeenTicks < before).ExecuteDeleteAsync();
    }

    private static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);
}
