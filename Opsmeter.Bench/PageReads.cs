using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;

namespace Opsmeter.Bench;

/// <summary>Reads what each page shows, by the page's own readers, each time anew.</summary>
internal sealed class PageReads(IServiceProvider services)
{
    /// <summary>The pages.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["overview", "overview by user", "investigate", "endpoints", "endpoint", "users", "users as tenants", "user", "versions", "models", "requests"];

    private readonly SpendPeriods _periods = services.GetRequiredService<SpendPeriods>();
    private readonly SpendReports _reports = services.GetRequiredService<SpendReports>();
    private string? _endpoint;
    private string? _user;

    /// <summary>The dearest value of a dimension in a view, or null where it has none.</summary>
    public async Task<string?> DearestAsync(SpendView view, Dimension dimension) =>
        (await _reports.ReadAsync(PeriodOf(view).Query with { GroupBy = dimension })).Rows.FirstOrDefault(row => row.Value is not null)?.Value;

    /// <summary>Reads a page.</summary>
    public async Task ReadAsync(string page, SpendView view)
    {
        var period = PeriodOf(view);
        services.GetRequiredService<KeptSums>().Clear();
        switch (page)
        {
            case "overview":
                await Make<Overviews>().ReadAsync(period, Dimension.EndpointTag);
                await Make<Overviews>().ReadNowAsync(period.WorkspaceId);
                await Make<SpendTimelines>().ReadAsync(period);
                await Make<MonthForecasts>().ReadAsync(period);
                break;
            case "overview by user":
                await Make<Overviews>().ReadAsync(period, Dimension.UserId);
                break;
            case "investigate":
                await Make<Investigations>().ReadAsync(period);
                break;
            case "endpoints":
                await Make<ValueBreakdowns>().ReadAsync(period, Dimension.EndpointTag);
                break;
            case "endpoint":
                _endpoint ??= (await DearestAsync(new SpendView { From = "now-30d" }, Dimension.EndpointTag))!;
                await Make<ValueDetails>().ReadAsync(
                    PeriodOf(view.With(Dimension.EndpointTag, _endpoint)), Dimension.Model,
                    [Dimension.Model, Dimension.PromptVersion, Dimension.TenantId, Dimension.UserId]);
                break;
            case "users":
                await Make<ValueBreakdowns>().ReadAsync(period, Dimension.UserId);
                break;
            case "users as tenants":
                await Make<ValueBreakdowns>().ReadAsync(period, Dimension.TenantId);
                break;
            case "user":
                _user ??= (await DearestAsync(new SpendView { From = "now-30d" }, Dimension.UserId))!;
                await Make<ValueDetails>().ReadAsync(
                    PeriodOf(view.With(Dimension.UserId, _user)), Dimension.EndpointTag, [Dimension.EndpointTag, Dimension.Model, Dimension.PromptVersion]);
                break;
            case "versions":
                await Make<PromptVersions>().ReadAsync(period);
                break;
            case "models":
                await Make<ModelBreakdowns>().ReadAsync(period);
                break;
            case "requests":
                await Make<RequestList>().ReadAsync(period.WorkspaceId, RequestFilters.Of(period), null, 100);
                await _reports.ReadAsync(period.Query);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(page), page, "No such page.");
        }
    }

    // What pages keep for each other for some seconds is made anew: nothing is measured out of memory.
    private T Make<T>()
        where T : class
    {
        var (slow, recent) = (ActivatorUtilities.CreateInstance<SlowReads>(services), ActivatorUtilities.CreateInstance<RecentReads>(services));
        var stacks = ActivatorUtilities.CreateInstance<SpendStacks>(services, slow);
        var (sightings, spikes) = (ActivatorUtilities.CreateInstance<VersionSightings>(services, slow), services.GetRequiredService<SpendSpikes>());
        object[] fresh = typeof(T).Name switch
        {
            nameof(Overviews) => [stacks, recent],
            nameof(SpendTimelines) => [spikes, sightings, slow],
            nameof(MonthForecasts) => [slow],
            nameof(Investigations) => [sightings, ActivatorUtilities.CreateInstance<SpendTimelines>(services, spikes, sightings, slow), recent],
            nameof(RequestList) => [],
            nameof(PromptVersions) => [recent],
            _ => [stacks, recent],
        };
        return ActivatorUtilities.CreateInstance<T>(services, fresh);
    }

    private SpendPeriod PeriodOf(SpendView view) => _periods.Of(Store.WorkspaceId, view);
}
