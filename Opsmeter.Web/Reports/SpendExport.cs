using System.Text;
using System.Text.Json;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Reports;

/// <summary>What a page's table shows, as CSV for its visitor: the same values in the same order, every digit of them.</summary>
internal static class SpendExport
{
    public static void MapSpendExport(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/export").RequireAuthorization();
        pages.MapGet("/values", ValuesAsync);
        pages.MapGet("/models", ModelsAsync);
    }

    /// <summary>The lines that a page shows: those whose name has the text, in an order.</summary>
    public static string CsvOf(ValueBreakdown data, ValueOrder order, string? search)
    {
        var text = new StringBuilder();
        Csv.AppendLine(
            text, JsonNamingPolicy.CamelCase.ConvertName(data.Dimension.ToString()), "costUsd", "share", "costBeforeUsd", "changeUsd", "requests",
            "errors", "unpriced", "costPerRequestUsd", "p95LatencyMs");
        foreach (var line in order.Sort(data.Lines.Where(line => line.Has(search))))
        {
            var isKnown = line.Change.Kind is not (ChangeKind.NotCompared or ChangeKind.Unpriced);
            Csv.AppendLine(
                text, line.Value, line.Sums.Cost?.Dollars, data.ShareOf(line) is { } share ? decimal.Round(share, 6) : null, line.Before?.Cost?.Dollars,
                isKnown ? line.Change.Difference.Dollars : null, line.Sums.Requests, line.Sums.Errors, line.Sums.Unpriced,
                line.Sums.CostPerRequest()?.Dollars, line.P95Ms);
        }

        return text.ToString();
    }

    private static async Task<IResult> ValuesAsync(HttpContext context, SpendPeriods periods, ValueBreakdowns breakdowns)
    {
        var query = context.Request.Query;
        if (Visitor.Of(context.User) is not { } visitor)
        {
            return Results.Forbid();
        }

        if (!Enum.TryParse<Dimension>(query["by"], ignoreCase: true, out var dimension) || !Enum.IsDefined(dimension))
        {
            return Results.BadRequest();
        }

        var period = periods.Of(visitor.WorkspaceId, SpendView.Parse(context.Request.QueryString.ToString()));
        var data = await breakdowns.ReadAsync(period, dimension, null, context.RequestAborted);
        return File(CsvOf(data, ValueOrder.Parse(query["sort"]), query["q"]), SpendView.Names[dimension], period);
    }

    private static async Task<IResult> ModelsAsync(HttpContext context, SpendPeriods periods, SpendReports reports)
    {
        if (Visitor.Of(context.User) is not { } visitor)
        {
            return Results.Forbid();
        }

        var period = periods.Of(visitor.WorkspaceId, SpendView.Parse(context.Request.QueryString.ToString()));
        var query = ModelBreakdowns.ByModel(period.Query) with { WithLatency = true };
        return File(SpendAnswer.CsvOf(query, await reports.ReadAsync(query, context.RequestAborted)), "model", period);
    }

    private static IResult File(string csv, string what, SpendPeriod period) => Results.File(
        Encoding.UTF8.GetBytes(csv), "text/csv; charset=utf-8",
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"opsmeter-spend-by-{what}-{period.Range.Window.Start.UtcDateTime:yyyyMMdd'T'HHmm}-{period.Range.Window.End.UtcDateTime:yyyyMMdd'T'HHmm}.csv"));
}
