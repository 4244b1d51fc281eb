using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>Reads who did what. Acts are written in the transaction that does them; nothing changes or deletes them.</summary>
public sealed class AuditLog(IDbContextFactory<OpsmeterDb> databases, Boards boards, TimeProvider time)
{
    /// <summary>Reads which acts are asked for from an address, as the API does.</summary>
    /// <param name="workspaceId">The workspace: dates are in its zone.</param>
    /// <param name="text">The text of a parameter, or null.</param>
    /// <returns>The query without what is wrong, and what is wrong, by parameter.</returns>
    public (AuditQuery Query, IReadOnlyDictionary<string, string[]> Errors) Parse(int workspaceId, Func<string, string?> text)
    {
        var errors = new FieldErrors();
        var query = AuditQueries.Read(text, boards[workspaceId].Policy.Settings, time.GetUtcNow(), errors);
        return (query, errors.ToDictionary());
    }

    /// <summary>The acts that match, newest first.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="query">Which.</param>
    /// <param name="most">The most to read.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<IReadOnlyList<AuditItem>> ReadAsync(int workspaceId, AuditQuery query, int most, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = db.Audit.AsNoTracking().Where(row => row.WorkspaceId == workspaceId);
        if (query.Actor is { } actor)
        {
            rows = rows.Where(row => EF.Functions.Like(row.Actor, Containing(actor), "\\"));
        }

        if (query.Action is { } action)
        {
            rows = rows.Where(row => row.Action.StartsWith(action));
        }

        if (query.Target is { } target)
        {
            rows = rows.Where(row => row.Target == target);
        }

        if (query.Text is { } text)
        {
            var pattern = Containing(text);
            rows = rows.Where(row => EF.Functions.Like(row.Actor, pattern, "\\") || EF.Functions.Like(row.Action, pattern, "\\")
                || EF.Functions.Like(row.Target, pattern, "\\") || EF.Functions.Like(row.Before ?? "", pattern, "\\") || EF.Functions.Like(row.After ?? "", pattern, "\\"));
        }

        if (query.From is { } from)
        {
            var ticks = from.UtcTicks;
            rows = rows.Where(row => row.AtTicks >= ticks);
        }

        if (query.To is { } to)
        {
            var ticks = to.UtcTicks;
            rows = rows.Where(row => row.AtTicks < ticks);
        }

        if (query.Before is { } before)
        {
            rows = rows.Where(row => row.Id < before);
        }

        var found = await rows.OrderByDescending(row => row.Id).Take(most).ToArrayAsync(cancellation);
        return
        [
            .. found.Select(row => new AuditItem(
                row.Id, new DateTimeOffset(row.AtTicks, TimeSpan.Zero), row.Actor, row.Action, row.Target, row.Before, row.After)),
        ];
    }

    private static string Containing(string text) =>
        $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
}
