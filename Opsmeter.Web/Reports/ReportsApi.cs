using System.Globalization;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Reports;

/// <summary>The routes that read.</summary>
public static class ReportsApi
{
    private const int StatesAPage = 500;

    /// <summary>Registers what reports need.</summary>
    public static IServiceCollection AddReports(this IServiceCollection services)
    {
        services.AddSingleton<SpendReports>();
        services.AddSingleton<SpendPeriods>();
        services.AddSingleton<RecentReads>();
        services.AddSingleton<SlowReads>();
        services.AddSingleton<KeptSums>();
        services.AddSingleton<MonthForecasts>();
        services.AddSingleton<SpendDrivers>();
        services.AddSingleton<VersionSightings>();
        services.AddSingleton<SpendTimelines>();
        services.AddSingleton<Investigations>();
        services.AddSingleton<PromptVersions>();
        services.AddSingleton<SpendSpikes>();
        services.AddSingleton<RequestExport>();
        services.AddSingleton<SpendChanges>();
        services.AddSingleton<WorkspaceZones>();
        services.AddSingleton<RequestFates>();
        services.AddSingleton<Overviews>();
        services.AddSingleton<StateChanges>();
        services.AddSingleton<RequestList>();
        services.AddSingleton<RequestFinder>();
        services.AddSingleton<EndpointSpend>();
        services.AddSingleton<FilterSuggestions>();
        services.AddSingleton<DimensionUses>();
        services.AddSingleton<BudgetStates>();
        services.AddSingleton<BudgetForecasts>();
        services.AddSingleton<WorkspaceStatuses>();
        services.AddSingleton<PricingModels>();
        services.AddSingleton<SpendStacks>();
        services.AddSingleton<ValueBreakdowns>();
        services.AddSingleton<ValueDetails>();
        services.AddSingleton<ValuePolicies>();
        services.AddSingleton<ModelBreakdowns>();
        services.AddSingleton<AlertCauses>();
        services.AddSingleton<AlertInbox>();
        return services;
    }

    /// <summary>Maps the routes.</summary>
    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/v1").RequireScope(KeyScopes.Read);
        read.MapGet("/reports/spend", SpendAsync);
        read.MapGet("/reports/spikes", SpikesAsync);
        read.MapGet("/reports/change", ChangeAsync);
        read.MapGet("/budgets/state", StatesAsync);
        read.MapRequests();

        // Who manages the policy reads what it raised, too.
        routes.MapGet("/v1/alerts", AlertsAsync).RequireScope(KeyScopes.Read | KeyScopes.Manage);
        routes.MapSpendExport();
        routes.MapRequestsDownload();
        var status = routes.MapGroup("/v1").RequireScope(KeyScopes.Read | KeyScopes.Ingest);
        status.MapGet("/diagnostics/workspace-status", StatusAsync);
        status.MapGet("/settings/workspace-status", StatusAsync);
        routes.MapGet("/v1/public/pricing-models", (HttpContext context, PricingModels models) => models.Answer(context));
    }

    private static async Task<IResult> SpendAsync(
        HttpContext context, SpendReports reports, Storage.Boards boards, TimeProvider time)
    {
        if (Read(context, boards, time, out var request) is { } problem)
        {
            return problem;
        }

        var format = context.Request.Query["format"].ToString();
        var isCsv = format.Equals("csv", StringComparison.OrdinalIgnoreCase)
            || (format.Length == 0 && context.Request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase));
        if (!isCsv && format.Length > 0 && !format.Equals("json", StringComparison.OrdinalIgnoreCase))
        {
            return Problems.Malformed("format", "Must be json or csv.");
        }

        var report = await reports.ReadAsync(request.Query, context.RequestAborted);
        if (isCsv)
        {
            return Results.Text(SpendAnswer.CsvOf(request.Query, report), "text/csv", System.Text.Encoding.UTF8);
        }

        var previous = request.Previous is { } before ? await reports.ReadAsync(before, context.RequestAborted) : null;
        return Results.Json(SpendAnswer.Of(request.Query, report, previous), DocumentJson.Options);
    }

    private static async Task<IResult> SpikesAsync(HttpContext context, SpendSpikes spikes, Storage.Boards boards, TimeProvider time)
    {
        if (Read(context, boards, time, out var request) is { } problem)
        {
            return problem;
        }

        var found = await spikes.ReadAsync(request.Query, context.RequestAborted);
        return Results.Json(AnalysisAnswer.Of(request.Query, found), DocumentJson.Options);
    }

    private static async Task<IResult> ChangeAsync(HttpContext context, SpendChanges changes, Storage.Boards boards, TimeProvider time)
    {
        if (Read(context, boards, time, out var request) is { } problem)
        {
            return problem;
        }

        var before = SpendRequest.Before(request.Query.Range);
        var change = await changes.ReadAsync(request.Query, before, context.RequestAborted);
        return Results.Json(AnalysisAnswer.Of(request.Query, before, change), DocumentJson.Options);
    }

    internal static IResult? Read(HttpContext context, Storage.Boards boards, TimeProvider time, out SpendRequest request)
    {
        var errors = new FieldErrors();
        var workspaceId = context.Caller().WorkspaceId;
        request = SpendRequest.Read(context.Request.Query, workspaceId, boards[workspaceId].Policy.Settings, time.GetUtcNow(), errors);
        return errors.IsEmpty ? null : Problems.Malformed(errors.ToDictionary());
    }

    private static async Task<IResult> AlertsAsync(HttpContext context, AlertInbox inbox)
    {
        var query = context.Request.Query;
        var (state, cursor, wanted) = (query["state"].ToString(), query["cursor"].ToString(), default(AlertState));
        if (state.Length > 0 && !JsonFields.TryEnum(state, out wanted))
        {
            return Problems.Malformed("state", "Must be one of open, snoozed, acknowledged, ended.");
        }

        long before = 0;
        if (cursor.Length > 0 && !long.TryParse(cursor, CultureInfo.InvariantCulture, out before))
        {
            return Problems.Malformed("cursor", "Is not a cursor that this route gave.");
        }

        var (items, next) = await inbox.ReadAsync(
            context.Caller().WorkspaceId, state.Length > 0 ? wanted : null, query["budgetId"].ToString() is { Length: > 0 } id ? id : null,
            cursor.Length > 0 ? before : null, context.RequestAborted);
        return Results.Json(new { items, nextCursor = next?.ToString(CultureInfo.InvariantCulture) }, DocumentJson.Options);
    }

    private static async Task<IResult> StatesAsync(HttpContext context, BudgetStates states, BudgetForecasts forecasts)
    {
        var (budgetId, state) = (context.Request.Query["budgetId"].ToString(), context.Request.Query["state"].ToString());
        Core.Budgets.BudgetState wanted = default;
        if (state.Length > 0 && !JsonFields.TryEnum(state, out wanted))
        {
            return Problems.Malformed("state", "Must be one of ok, warning, exceeded.");
        }

        var after = StateCursor.Read(context.Request.Query["cursor"].ToString());
        if (after is null)
        {
            return Problems.Malformed("cursor", "Is not a cursor that this route gave.");
        }

        var items = states.Read(context.Caller().WorkspaceId)
            .Where(item => budgetId.Length == 0 || item.BudgetId == budgetId)
            .Where(item => state.Length == 0 || item.State == wanted)
            .OrderBy(item => item.BudgetId, StringComparer.Ordinal)
            .ThenBy(item => item.Key, StringComparer.Ordinal)
            .SkipWhile(item => after.Value.IsAtOrBefore(item))
            .Take(StatesAPage + 1)
            .ToArray();
        var next = items.Length > StatesAPage ? StateCursor.Of(items[StatesAPage - 1]).ToString() : null;
        var page = await forecasts.AddAsync(context.Caller().WorkspaceId, [.. items.Take(StatesAPage)], context.RequestAborted);
        return Results.Json(new { items = page, nextCursor = next }, DocumentJson.Options);
    }

    private static async Task<IResult> StatusAsync(HttpContext context, WorkspaceStatuses statuses) =>
        Results.Json(await statuses.ReadAsync(context.Caller().WorkspaceId, context.RequestAborted), DocumentJson.Options);
}
