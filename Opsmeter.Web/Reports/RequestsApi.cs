using System.Globalization;
using System.Text.Json.Nodes;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Reports;

/// <summary>The routes that read single requests: a list, one of them, and the export.</summary>
internal static class RequestsApi
{
    private const int UsualItems = 100;

    public static void MapRequests(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/requests", ListAsync);
        routes.MapGet("/requests/{externalRequestId}", (string externalRequestId, HttpContext context, RequestList requests) =>
            OneAsync(externalRequestId, context, requests));
        routes.MapGet("/exports/requests", Export);
    }

    private static async Task<IResult> ListAsync(HttpContext context, RequestList requests, Storage.Boards boards, TimeProvider time)
    {
        var query = context.Request.Query;
        if (query["externalRequestId"].ToString() is { Length: > 0 } id)
        {
            return await OneAsync(id, context, requests);
        }

        if (ReadFilter(context, boards, time, out var filter) is { } problem)
        {
            return problem;
        }

        if (!TryReadCursor(query["cursor"].ToString(), out var cursor))
        {
            return Problems.Malformed("cursor", "Is not a cursor that this route gave.");
        }

        var limit = UsualItems;
        if (query["limit"].ToString() is { Length: > 0 } given
            && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > RequestList.MostItems))
        {
            return Problems.Malformed("limit", $"Must be a whole number from 1 to {RequestList.MostItems}.");
        }

        var page = await requests.ReadAsync(context.Caller().WorkspaceId, filter, cursor, limit, context.RequestAborted);
        return Results.Json(
            new JsonObject
            {
                ["items"] = new JsonArray([.. page.Items.Select(item => (JsonNode)RequestAnswer.Of(item))]),
                ["nextCursor"] = page.Next is { } next ? string.Create(CultureInfo.InvariantCulture, $"{next.OccurredTicks}-{next.Seq}") : null,
            },
            DocumentJson.Options);
    }

    private static async Task<IResult> OneAsync(string externalRequestId, HttpContext context, RequestList requests)
    {
        var revisions = await requests.FindAsync(context.Caller().WorkspaceId, externalRequestId, context.RequestAborted);
        return revisions.Count == 0
            ? Problems.NotFound("No request with this id is kept.")
            : Results.Json(RequestAnswer.Of(revisions), DocumentJson.Options);
    }

    private static IResult Export(HttpContext context, RequestExport export, Storage.Boards boards, TimeProvider time)
    {
        if (ReadFilter(context, boards, time, out var filter) is { } problem)
        {
            return problem;
        }

        var asked = context.Request.Query["format"].ToString();
        var isCsv = asked.Equals("csv", StringComparison.OrdinalIgnoreCase) || (asked.Length == 0 && !AcceptsNdjson(context.Request));
        if (!isCsv && asked.Length > 0 && !asked.Equals("ndjson", StringComparison.OrdinalIgnoreCase))
        {
            return Problems.Malformed("format", "Must be csv or ndjson.");
        }

        return new ExportResult(export, context.Caller().WorkspaceId, filter, isCsv);
    }

    private static bool AcceptsNdjson(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("ndjson", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the filters that reports have too; without from and to, requests of any time.</summary>
    private static IResult? ReadFilter(HttpContext context, Storage.Boards boards, TimeProvider time, out RequestFilter filter)
    {
        filter = new RequestFilter();
        var query = context.Request.Query;
        var only = query["only"].ToString();
        if (only.Length > 0 && !RequestFilters.IsKind(only))
        {
            return Problems.Malformed("only", "Must be one of errors, unpriced, conflicts.");
        }

        if (ReportsApi.Read(context, boards, time, out var request) is { } problem)
        {
            return problem;
        }

        var scope = request.Query;
        filter = new RequestFilter
        {
            Environment = scope.Environment,
            DataMode = scope.DataMode,
            Range = query.ContainsKey("from") || query.ContainsKey("to") ? scope.Range : null,
            Only = RequestFilters.WhereTheTenantIs(scope.Only, boards[scope.WorkspaceId].Policy.Settings.TenantFrom),
            OnlyErrors = only == RequestFilters.Errors,
            OnlyUnpriced = only == RequestFilters.Unpriced,
            OnlyConflicts = only == RequestFilters.Conflicts,
        };
        return null;
    }

    private static bool TryReadCursor(string text, out RequestCursor? cursor)
    {
        cursor = null;
        if (text.Length == 0)
        {
            return true;
        }

        var parts = text.Split('-');
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seq))
        {
            return false;
        }

        cursor = new RequestCursor(ticks, seq);
        return true;
    }
}
