using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>The workspaces of this installation. Nothing crosses from one to another: each has its own keys, members, policy and requests.</summary>
public sealed class Workspaces(IDbContextFactory<OpsmeterDb> databases, LedgerWriter writer, MemberRoll roll, MemberSessions sessions)
{
    /// <summary>The longest name.</summary>
    public const int LongestName = 100;

    private const int Most = 200;

    /// <summary>Makes a workspace; whoever makes it is its admin and goes there.</summary>
    /// <returns>What is wrong, by field (<c>name</c>, <c>timeZone</c>); empty when it was made.</returns>
    public async Task<IReadOnlyDictionary<string, string[]>> CreateAsync(Visitor by, string? name, string? timeZone)
    {
        ArgumentNullException.ThrowIfNull(by);
        var wrong = Check(by, Permission.MakeWorkspaces, name);
        if (timeZone?.Trim() is not { Length: > 0 } zone || !TimeZones.TryFind(zone, out _))
        {
            wrong["timeZone"] = ["Write an IANA time zone, such as Europe/Berlin."];
            zone = "";
        }

        if (wrong.Count > 0)
        {
            return wrong;
        }

        await using var db = await databases.CreateDbContextAsync();
        var id = await db.Workspaces.MaxAsync(row => row.Id) + 1;
        if (await db.Workspaces.CountAsync() >= Most)
        {
            return Wrong("name", $"There are {Most} workspaces, which is the most.");
        }

        var made = await writer.EditAsync(id, (db, now) =>
        {
            if (db.Workspaces.Any(row => row.Id == id))
            {
                return new PolicyEdit<bool>(false, IsChanged: false, []);
            }

            db.Workspaces.Add(new WorkspaceRow
            {
                Id = id, Name = name!.Trim(), Settings = JsonSerializer.Serialize(new SettingsDocument { TimeZone = zone }, DocumentJson.Options), Version = 1,
                CreatedTicks = now.UtcTicks,
            });
            db.Memberships.Add(new MembershipRow { WorkspaceId = id, MemberId = by.MemberId, Role = nameof(Role.Admin) });
            db.Audit.Add(new AuditRow
            {
                WorkspaceId = id, AtTicks = now.UtcTicks, Actor = by.Email, Action = "workspace.create", Target = name!.Trim(), After = JsonSerializer.Serialize(new { timeZone = zone }),
            });
            return new PolicyEdit<bool>(true, IsChanged: true, []);
        });
        if (!made)
        {
            return Wrong("name", "Somebody else made a workspace just now. Try again.");
        }

        await roll.ReloadAsync();
        await sessions.MoveAsync(by.MemberId, by.SessionId ?? "", id);
        return new Dictionary<string, string[]>();
    }

    /// <summary>Gives the visitor's workspace another name.</summary>
    /// <returns>What is wrong, by field (<c>name</c>); empty when it was renamed.</returns>
    public async Task<IReadOnlyDictionary<string, string[]>> RenameAsync(Visitor by, string? name)
    {
        ArgumentNullException.ThrowIfNull(by);
        var wrong = Check(by, Permission.ManageSettings, name);
        if (wrong.Count > 0)
        {
            return wrong;
        }

        await writer.TellAsync(by.WorkspaceId, (db, now) =>
        {
            var row = db.Workspaces.Single(row => row.Id == by.WorkspaceId);
            db.Audit.Add(new AuditRow
            {
                WorkspaceId = by.WorkspaceId, AtTicks = now.UtcTicks, Actor = by.Email, Action = "workspace.rename", Target = name!.Trim(), Before = JsonSerializer.Serialize(new { name = row.Name }),
                After = JsonSerializer.Serialize(new { name = name.Trim() }),
            });
            row.Name = name.Trim();
            return true;
        });
        await roll.ReloadAsync();
        return wrong;
    }

    private static Dictionary<string, string[]> Check(Visitor by, Permission needed, string? name) =>
        !by.Can(needed) ? Wrong("name", "Only an admin may do this.")
        : name?.Trim() is not { Length: > 0 and <= LongestName } || name.Any(char.IsControl) ? Wrong("name", $"Write a name, 1 to {LongestName} characters.")
        : [];

    private static Dictionary<string, string[]> Wrong(string field, string message) => new() { [field] = [message] };
}
