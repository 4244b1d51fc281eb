using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Finds the spikes in a range and what drove each of them.</summary>
public sealed class SpendSpikes(SpendReports reports, SpendDrivers drivers, TimeProvider time)
{
    private const int DriversOfDimension = 3;
    private const int MostSpikes = 50;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>The spikes that share an hour with the range, with what drove each of them.</summary>
    /// <param name="query">Range and filters; what it groups by is ignored.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<IReadOnlyList<SpikeReport>> ReadAsync(SpendQuery query, CancellationToken cancellation = default)
    {
        var found = new List<SpikeReport>();
        foreach (var spike in await FindAsync(query, cancellation))
        {
            found.Add(new SpikeReport(spike, await ReadDriversAsync(query, spike, cancellation)));
        }

        return found;
    }

    /// <summary>The spikes that share an hour with the range, the latest 50 of them, the oldest first.</summary>
    /// <param name="query">Range and filters; what it groups by is ignored.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<IReadOnlyList<SpendSpike>> FindAsync(SpendQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var first = HourOf(query.Range.Start) - SpikeDetector.History;
        var last = HourOf(Earlier(query.Range.End, time.GetUtcNow()) - TimeSpan.FromTicks(1)) + Hour;
        if (last <= first)
        {
            return [];
        }

        var hours = new Usd[(int)((last - first) / Hour)];
        var report = await reports.ReadAsync(
            query with { Range = new TimeWindow(first, last), GroupBy = null, ThenBy = null, Interval = WindowKind.Hour, Columns = null, TimeZone = "UTC", WithLatency = false },
            cancellation);
        foreach (var row in report.Rows)
        {
            hours[(int)((row.Bucket!.Value - first) / Hour)] += row.Sums.Priced;
        }

        return [.. SpikeDetector.Find(first, hours).Where(spike => spike.Window.Overlaps(query.Range)).TakeLast(MostSpikes)];
    }

    /// <summary>What rose in a spike against the same hours a week before, the greatest rise first.</summary>
    /// <param name="query">Filters; its range is ignored.</param>
    /// <param name="spike">The spike.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<IReadOnlyList<(Dimension Dimension, Driver Driver)>> ReadDriversAsync(
        SpendQuery query, SpendSpike spike, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(spike);
        var usual = new TimeWindow(spike.Window.Start - Week, spike.Window.End - Week);
        var read = await drivers.ReadAsync(query with { Range = spike.Window }, usual, cancellation);
        return
        [
            .. read.Where(each => each.Now.Any(row => row.Value is not null))
                .SelectMany(each => each.Drivers(DriversOfDimension).Select(driver => (each.Dimension, driver)))
                .OrderByDescending(entry => entry.driver.Change),
        ];
    }

    private static DateTimeOffset HourOf(DateTimeOffset moment) =>
        new(moment.UtcTicks - (moment.UtcTicks % Hour.Ticks), TimeSpan.Zero);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}

/// <summary>A spike and what drove it.</summary>
/// <param name="Spike">The spike.</param>
/// <param name="Drivers">At most three values of each dimension, the greatest rise first.</param>
public sealed record SpikeReport(SpendSpike Spike, IReadOnlyList<(Dimension Dimension, Driver Driver)> Drivers);
