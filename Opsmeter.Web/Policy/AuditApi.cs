using System.Globalization;
using System.Text;
using System.Text.Json;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary><c>GET /v1/audit</c>: who did what, newest first, as JSON by the page or as CSV at once.</summary>
internal static class AuditApi
{
    private const int MostAPage = 100;
    private const int MostInCsv = 100_000;

    public static void MapAudit(this IEndpointRouteBuilder routes) => routes.MapGet("/audit", ReadAsync).RequireScope(KeyScopes.Manage);

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

    private static async Task<IResult> ReadAsync(HttpContext context, AuditLog log, Boards boards, TimeProvider time)
    {
        var caller = context.Caller();
        var errors = new FieldErrors();
        var settings = boards[caller.WorkspaceId].Policy.Settings;
        var query = new AuditQuery
        {
            Actor = Text("actor"),
            Action = Text("action"),
            Target = Text("target"),
            Text = Text("q"),
            From = Instant("from"),
            To = Instant("to"),
            Before = Cursor(),
        };
        if (!errors.IsEmpty)
        {
            return Problems.Malformed(errors.ToDictionary());
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

        DateTimeOffset? Instant(string name)
        {
            if (Text(name) is not { } text)
            {
                return null;
            }

            if (TimeExpression.TryParse(text, time.GetUtcNow(), settings.TimeZone, settings.WeekStartsOn, out var instant) is { } wrong)
            {
                errors.Add(name, wrong);
            }

            return instant;
        }

        long? Cursor()
        {
            if (Text("cursor") is not { } text)
            {
                return null;
            }

            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var before))
            {
                errors.Add("cursor", "Send nextCursor as it was answered, or leave it out.");
            }

            return before;
        }
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
