using System.Globalization;
using System.Text;
using System.Text.Json;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Policy;

/// <summary><c>GET /v1/audit</c>: who did what, newest first, as JSON by the page or as CSV at once.</summary>
internal static class AuditApi
{
    public const int MostAPage = 100;
    private const int MostInCsv = 100_000;

    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/audit", ReadAsync).RequireScope(KeyScopes.Manage);
        routes.MapGet("/audit/verify", VerifyAsync).RequireScope(KeyScopes.Manage);
    }

    /// <summary>What the Audit log page lists, as a file for whoever is signed in and may see it.</summary>
    public static void MapAuditDownload(this IEndpointRouteBuilder routes) => routes.MapGet("/export/audit", DownloadAsync).RequireAuthorization();

    /// <summary>The acts as CSV.</summary>
    public static string CsvOf(IEnumerable<AuditItem> items)
    {
        var text = new StringBuilder();
        Csv.AppendLine(text, "at", "actor", "action", "target", "before", "after");
        foreach (var item in items)
        {
            Csv.AppendLine(text, item.At, item.Actor, item.Action, item.Target, item.Before, item.After);
        }

        return text.ToString();
    }

    private static async Task<IResult> ReadAsync(HttpContext context, AuditLog log)
    {
        var caller = context.Caller();
        var (query, errors) = log.Parse(caller.WorkspaceId, Text);
        if (errors.Count > 0)
        {
            return Problems.Malformed(errors);
        }

        if (Text("format") is "csv" || context.Request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase))
        {
            return Results.Text(CsvOf(await log.ReadAsync(caller.WorkspaceId, query, MostInCsv, context.RequestAborted)), "text/csv", Encoding.UTF8);
        }

        var items = await log.ReadAsync(caller.WorkspaceId, query, MostAPage + 1, context.RequestAborted);
        return PolicyHttp.List(
            items.Take(MostAPage).Select(item => new { item.Id, item.At, item.Actor, item.Action, item.Target, Before = Json(item.Before), After = Json(item.After) }),
            items.Count > MostAPage ? items[MostAPage - 1].Id.ToString(CultureInfo.InvariantCulture) : null);

        string? Text(string name) => context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;
    }

    private static async Task<IResult> VerifyAsync(HttpContext context, AuditSeals seals)
    {
        var check = await seals.VerifyAsync(context.Caller().WorkspaceId, context.RequestAborted);
        return Results.Ok(new { check.IsWhole, check.Acts, check.Head, check.Faults });
    }

    private static async Task<IResult> DownloadAsync(HttpContext context, AuditLog log, TimeProvider time)
    {
        if (Visitor.Of(context.User) is not { } visitor || !visitor.Can(Permission.EditPolicy))
        {
            return Results.Forbid();
        }

        var (query, _) = log.Parse(visitor.WorkspaceId, name => context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null);
        var items = await log.ReadAsync(visitor.WorkspaceId, query with { Before = null }, MostInCsv, context.RequestAborted);
        return Results.File(Encoding.UTF8.GetBytes(CsvOf(items)), "text/csv", $"audit-{time.GetUtcNow():yyyy-MM-dd}.csv");
    }

    // A document is answered as the object that it is; a reason stays text.
    private static object? Json(string? text)
    {
        if (text is not { Length: > 0 } || text[0] is not ('{' or '['))
        {
            return text;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
