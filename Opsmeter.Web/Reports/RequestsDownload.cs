using System.Globalization;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Reports;

/// <summary>What the Requests page lists, as a file for whoever is signed in: the same address, the same filters.</summary>
internal static class RequestsDownload
{
    private const string Day = "yyyy-MM-dd";

    public static void MapRequestsDownload(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/export/requests", Download).RequireAuthorization();

    private static IResult Download(HttpContext context, RequestExport export, SpendPeriods periods)
    {
        if (Visitor.Of(context.User) is not { } visitor)
        {
            return Results.Forbid();
        }

        var query = context.Request.Query;
        var period = periods.Of(visitor.WorkspaceId, SpendView.Parse(context.Request.QueryString.Value ?? ""));
        return new ExportResult(
            export, visitor.WorkspaceId, RequestFilters.Of(period, query["only"], query["id"]), isCsv: true, NameOf(period));
    }

    // The days it covers in the workspace's zone, both included.
    private static string NameOf(SpendPeriod period)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(period.Settings.TimeZone);
        var last = (period.Range.Window.End < period.Now ? period.Range.Window.End : period.Now) - TimeSpan.FromTicks(1);
        return $"requests-{Text(period.Range.Window.Start)}-to-{Text(last < period.Range.Window.Start ? period.Range.Window.Start : last)}";

        string Text(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, zone).ToString(Day, CultureInfo.InvariantCulture);
    }
}
