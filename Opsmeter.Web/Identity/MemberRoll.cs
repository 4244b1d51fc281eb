using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>
/// Who is signed in, where, and as what, in memory: what anyone may do is asked of it each time, so that a role that was
/// taken away, a suspended member and an ended session are refused at the next act, on open pages too.
/// </summary>
public sealed class MemberRoll(IDbContextFactory<OpsmeterDb> databases, TimeProvider time) : IDisposable
{
    // Changes made through this process are in force at once; another's, and an operator's by hand, within this.
    private static readonly TimeSpan LongestUnread = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile State _state = new();

    /// <inheritdoc />
    public void Dispose() => _reading.Dispose();

    /// <summary>Who a session belongs to; null when it ended, or its member may not enter any workspace.</summary>
    /// <param name="sessionId">The id that the cookie carries.</param>
    public async Task<Visitor?> FindAsync(string sessionId)
    {
        var state = _state;
        if (!state.IsRead || time.GetElapsedTime(state.ReadAt) > LongestUnread)
        {
            await ReloadAsync();
        }

        return VisitorOf(sessionId);
    }

    /// <summary>Whether a visitor may do something now; false once the session ended or the role changed.</summary>
    public bool Allows(Visitor visitor, Permission permission)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return visitor.SessionId is { } session && VisitorOf(session) is { } now && now.WorkspaceId == visitor.WorkspaceId
            && Permissions.Allows(now.Role, permission);
    }

    /// <summary>The workspaces that a member may enter, by name.</summary>
    public IReadOnlyList<WorkspaceItem> WorkspacesOf(string memberId) => _state.WorkspacesOf(memberId);

    /// <summary>A workspace's name; empty where there is none of this id.</summary>
    public string NameOf(int workspaceId) => _state.Names.GetValueOrDefault(workspaceId, "");

    /// <summary>Takes over what is in the database.</summary>
    public async Task ReloadAsync()
    {
        await _reading.WaitAsync();
        try
        {
            var at = time.GetTimestamp();
            await using var db = await databases.CreateDbContextAsync();
            var names = await db.Workspaces.AsNoTracking().Select(row => new { row.Id, row.Name }).ToArrayAsync();
            var members = await db.Users.AsNoTracking().Select(row => new { row.Id, row.Email }).ToArrayAsync();
            var roles = await db.Memberships.AsNoTracking().Where(row => row.SuspendedTicks == null).ToArrayAsync();
            var sessions = await db.Sessions.AsNoTracking().Select(row => new { row.Id, row.MemberId, row.WorkspaceId }).ToArrayAsync();
            _state = new State
            {
                IsRead = true,
                ReadAt = at,
                Names = names.ToFrozenDictionary(row => row.Id, row => row.Name),
                Emails = members.ToFrozenDictionary(row => row.Id, row => row.Email ?? "", StringComparer.Ordinal),
                Roles = roles.Where(row => Enum.TryParse<Role>(row.Role, out _))
                    .ToFrozenDictionary(row => (row.WorkspaceId, row.MemberId), row => Enum.Parse<Role>(row.Role)),
                Sessions = sessions.ToFrozenDictionary(row => row.Id, row => (row.MemberId, row.WorkspaceId), StringComparer.Ordinal),
            };
        }
        finally
        {
            _reading.Release();
        }
    }

    private Visitor? VisitorOf(string sessionId)
    {
        var state = _state;
        if (!state.Sessions.TryGetValue(sessionId, out var session) || !state.Emails.TryGetValue(session.MemberId, out var email))
        {
            return null;
        }

        var workspace = state.Roles.ContainsKey((session.WorkspaceId, session.MemberId))
            ? session.WorkspaceId
            : state.WorkspacesOf(session.MemberId) is [var first, ..] ? first.Id : 0;
        return state.Roles.TryGetValue((workspace, session.MemberId), out var role)
            ? new Visitor(workspace, session.MemberId, email, role) { SessionId = sessionId, Roll = this }
            : null;
    }

    private sealed class State
    {
        public bool IsRead { get; init; }

        public long ReadAt { get; init; }

        public FrozenDictionary<int, string> Names { get; init; } = FrozenDictionary<int, string>.Empty;

        public FrozenDictionary<string, string> Emails { get; init; } = FrozenDictionary<string, string>.Empty;

        public FrozenDictionary<(int Workspace, string Member), Role> Roles { get; init; } = FrozenDictionary<(int, string), Role>.Empty;

        public FrozenDictionary<string, (string MemberId, int WorkspaceId)> Sessions { get; init; } = FrozenDictionary<string, (string, int)>.Empty;

        public IReadOnlyList<WorkspaceItem> WorkspacesOf(string memberId) =>
        [
            .. Roles.Keys.Where(key => key.Member == memberId)
                .Select(key => new WorkspaceItem(key.Workspace, Names.GetValueOrDefault(key.Workspace, "")))
                .OrderBy(item => item.Name, StringComparer.OrdinalIgnoreCase).ThenBy(item => item.Id),
        ];
    }
}
