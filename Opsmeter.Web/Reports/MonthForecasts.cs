using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Reports;

/// <summary>Forecasts the running month of a view's filters, in production. Its hours are read at most once a minute.</summary>
public sealed class MonthForecasts(SpendReports reports, Boards boards, SlowReads slow)
{
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    // Four weeks are learned from, and the first of them needs one before it to tell a spike by.
    private static readonly TimeSpan History = TimeSpan.FromDays(35);

    /// <summary>Reads it.</summary>
    public async Task<MonthForecast> ReadAsync(SpendPeriod period, CancellationToken cancellation = default)
    {
        var made = await slow.ReadAsync(period.WorkspaceId, KeyOf(period), Keep, () => MakeAsync(period), cancellation);
        return With(made, period);
    }

    /// <summary>What was read a moment ago, or null.</summary>
    public MonthForecast? Recent(SpendPeriod period) =>
        slow.Recall<Made>(period.WorkspaceId, KeyOf(period), Keep) is { } made ? With(made, period) : null;

    // Nothing but the filters and the zone changes what is forecast.
    private static string KeyOf(SpendPeriod period) =>
        $"{nameof(MonthForecast)} {period.Settings.TimeZone} {(SpendView.Usual with { Filters = period.View.Filters }).ToQuery()}";

    private async Task<Made> MakeAsync(SpendPeriod period)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(period.Settings.TimeZone);
        var month = new WindowCalendar(new WindowSpec { Kind = WindowKind.Month, TimeZone = period.Settings.TimeZone }).WindowAt(period.Now);
        var query = period.Query with { Environment = DeploymentEnvironment.Prod, DataMode = DataMode.Real };
        var running = HourOf(period.Now);
        var first = running - History;
        var hours = new Usd[(int)((running - first) / Hour) + 1];
        var report = await reports.ReadAsync(
            query with { Range = new TimeWindow(first, period.Now), Interval = WindowKind.Hour, TimeZone = "UTC" });
        foreach (var row in report.Rows)
        {
            hours[(int)((row.Bucket!.Value - first) / Hour)] += row.Sums.Priced;
        }

        // Months of some zones begin within an hour.
        var spent = HourOf(month.Start) == month.Start
            ? hours.Skip((int)((month.Start - first) / Hour)).Aggregate(Usd.Zero, (sum, hour) => sum + hour)
            : (await reports.ReadAsync(query with { Range = new TimeWindow(month.Start, period.Now) })).Totals.Sums.Priced;
        var history = new SpendHistory(first, hours, [.. SpikeDetector.Find(first, hours).Select(spike => spike.Window)]);
        return new Made(month, Forecast.Of(spent, history, month, period.Now, zone));
    }

    /// <summary>Adds the limit of this moment: an edited budget is not a minute late.</summary>
    private MonthForecast With(Made made, SpendPeriod period) =>
        new(made.Month, made.Forecast, period.View.Filters.Count == 0 ? LimitOf(period, made.Month) : null);

    private MonthLimit? LimitOf(SpendPeriod period, TimeWindow month) => boards[period.WorkspaceId].Budgets
        .Where(board => board.Budget is { Conditions.Count: 0, Per: null }
            && board.Budget.Environments.Contains(DeploymentEnvironment.Prod) && board.Budget.DataModes.Contains(DataMode.Real))
        .Select(board => (board.Budget, Reading: board.Read(null, period.Now)))
        .Where(entry => entry.Reading.Window == month && entry.Reading.Limits.Usd is not null)
        .OrderBy(entry => entry.Reading.Limits.Usd!.Value)
        .ThenBy(entry => entry.Budget.Id, StringComparer.Ordinal)
        .Select(entry => new MonthLimit(entry.Budget.Id, entry.Budget.Name, entry.Reading.Limits.Usd!.Value, entry.Budget.WarnAt))
        .FirstOrDefault();

    private static DateTimeOffset HourOf(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % Hour.Ticks), TimeSpan.Zero);

    private sealed record Made(TimeWindow Month, Forecast? Forecast);
}
