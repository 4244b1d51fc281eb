using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Replay;
using Opsmeter.Web.Components.Charts;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>The windows of a replay as columns: what was spent in the colour of the worst state, and what was avoided above it.</summary>
/// <param name="Buckets">The columns.</param>
/// <param name="Series">Spend by state, and avoided.</param>
/// <param name="Limits">The USD limit of each column; null where each key has its own or columns hold several windows.</param>
/// <param name="Folded">What a column holds where it is not one window, or null.</param>
internal sealed record ReplayColumns(
    IReadOnlyList<ChartBucket> Buckets, IReadOnlyList<ChartSeries> Series, IReadOnlyList<decimal>? Limits, string? Folded)
{
    /// <summary>No columns.</summary>
    public static readonly ReplayColumns Empty = new([], [], null, null);

    private const int Most = 124;
    private const int MostTicks = 10;

    /// <summary>The columns of a replay.</summary>
    /// <param name="result">The replay.</param>
    /// <param name="budget">Its budget.</param>
    /// <param name="zone">The workspace's zone, for the names.</param>
    public static ReplayColumns Of(ReplayResult result, Budget budget, TimeZoneInfo zone)
    {
        var spec = budget.Window;
        var isFolded = spec.Kind == WindowKind.Hour && result.Range.Length > TimeSpan.FromHours(Most);
        var calendar = new WindowCalendar(isFolded ? spec with { Kind = WindowKind.Day } : spec);
        var windows = Tiles(calendar, result.Range).ToArray();
        var told = result.Windows.ToLookup(window => calendar.WindowAt(window.Window.Start).Start);
        var every = Math.Max(1, (int)Math.Ceiling(windows.Length / (double)MostTicks));
        var states = new[] { BudgetState.Ok, BudgetState.Warning, BudgetState.Exceeded };
        var worst = windows.Select(window => told[window.Start].Select(one => one.State).DefaultIfEmpty().Max()).ToArray();
        var spent = windows.Select(window => told[window.Start].Sum(one => one.Obeyed.Dollars)).ToArray();
        var avoided = windows.Select(window => told[window.Start].Sum(one => Math.Max(0, (one.Sent - one.Obeyed).Dollars))).ToArray();
        var hasLine = !isFolded && budget.Per is null && budget.Limits.Usd is not null;
        return new ReplayColumns(
            [.. windows.Select((window, at) => new ChartBucket(window.Start, NameOf(window, isFolded ? WindowKind.Day : spec.Kind, zone), at % every == 0 ? TickOf(window, isFolded ? WindowKind.Day : spec.Kind, zone) : null))],
            [
                .. states.Select(state => new ChartSeries(WordsOf(state), [.. spent.Select((usd, at) => worst[at] == state ? usd : 0)], ColourOf(state)))
                    .Where(series => series.Values.Any(usd => usd > 0)),
                .. avoided.Any(usd => usd > 0) ? new[] { new ChartSeries("Avoided", avoided, "degrade") } : [],
            ],
            hasLine ? [.. windows.Select(window => budget.LimitsFor(null, window).Usd?.Dollars ?? 0)] : null,
            isFolded ? "A column is a day of hourly windows: what they spent together, in the colour of the worst." : null);
    }

    private static IEnumerable<TimeWindow> Tiles(WindowCalendar calendar, TimeWindow range)
    {
        var window = calendar.WindowAt(range.Start);
        if (window.IsTotal)
        {
            yield return window;
            yield break;
        }

        for (; window.Start < range.End; window = calendar.WindowAt(window.End))
        {
            yield return window;
        }
    }

    private static string WordsOf(BudgetState state) => state switch
    {
        BudgetState.Ok => "Spent, OK",
        BudgetState.Warning => "Spent, at warning",
        BudgetState.Exceeded => "Spent, exceeded",
    };

    private static string ColourOf(BudgetState state) => state switch
    {
        BudgetState.Ok => "ok",
        BudgetState.Warning => "warn",
        BudgetState.Exceeded => "exceed",
    };

    private static string NameOf(TimeWindow window, WindowKind kind, TimeZoneInfo zone) => kind switch
    {
        WindowKind.Hour => Text(window.Start, zone, "ddd d MMM, HH:mm"),
        WindowKind.Day => Text(window.Start, zone, "ddd d MMM yyyy"),
        WindowKind.Week => $"week of {Text(window.Start, zone, "ddd d MMM yyyy")}",
        WindowKind.Month or WindowKind.Quarter or WindowKind.Year => $"{DraftWords.Name(kind)} from {Text(window.Start, zone, "d MMM yyyy")}",
        WindowKind.Total => "All of it",
    };

    private static string TickOf(TimeWindow window, WindowKind kind, TimeZoneInfo zone) => kind switch
    {
        WindowKind.Hour => Text(window.Start, zone, "ddd HH:mm"),
        WindowKind.Day or WindowKind.Week => Text(window.Start, zone, "d MMM"),
        WindowKind.Month or WindowKind.Quarter or WindowKind.Year => Text(window.Start, zone, "d MMM yy"),
        WindowKind.Total => "",
    };

    private static string Text(DateTimeOffset instant, TimeZoneInfo zone, string format) =>
        TimeZoneInfo.ConvertTime(instant, zone).ToString(format, CultureInfo.InvariantCulture);
}
