using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Reads why the spend of a view changed.</summary>
public sealed class Investigations(
    SpendChanges changes, SpendDrivers drivers, VersionSightings versions, SpendTimelines timelines, RecentReads recent)
{
    private const int Shown = 5;
    private const int MostNewcomers = 500;
    private static readonly TimeSpan DeployBefore = TimeSpan.FromDays(2);

    /// <summary>Reads it; null for a view that is compared with nothing.</summary>
    public async Task<Investigation?> ReadAsync(SpendPeriod period, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(period);
        if (period.Before is not { } before)
        {
            return null;
        }

        // The longest two beside each other; more at once would take from others what they win.
        var driving = drivers.ReadAsync(period.Query, before, cancellation);
        var rest = RestAsync(period, before, cancellation);
        await Task.WhenAll(driving, rest);
        var (read, (change, newcomers, lines, spikes)) = (await driving, await rest);
        return recent.Keep(
            period.WorkspaceId, KeyOf(period.View),
            new Investigation(period.Range, before, change, [.. read.Select(MoversOf)], newcomers, Appeared(lines, period.Range.Window), spikes,
                read.Count == 0 ? 0 : read[0].Now.Concat(read[0].Before).Sum(row => row.Sums.Unpriced)));
    }

    private async Task<(SpendChange Change, IReadOnlyList<Newcomer> Newcomers, IReadOnlyList<VersionLine> Lines, IReadOnlyList<SpendSpike> Spikes)> RestAsync(
        SpendPeriod period, TimeWindow before, CancellationToken cancellation)
    {
        var (change, newcomers) = await changes.ReadWithNewcomersAsync(period.Query, before, MostNewcomers, cancellation);
        var lines = await versions.ReadAsync(period, cancellation);

        // The spike is that of everything: a deploy alone has no usual level to stand out from.
        var spikes = await timelines.FindSpikesAsync(period with { View = period.View with { Filters = [] } }, cancellation);
        return (change, newcomers, lines, spikes);
    }

    /// <summary>What was read of a view in the last seconds, or null.</summary>
    public Investigation? Recent(int workspaceId, SpendView view) => recent.Recall<Investigation>(workspaceId, KeyOf(view));

    private static string KeyOf(SpendView view) => $"{nameof(Investigation)} {view.ToQuery()}";

    private static DimensionMovers MoversOf(DimensionSpend spend)
    {
        var movers = spend.Movers();

        // A line that says "1 other" would take the place of the value itself.
        var shown = movers.Count <= Shown + 1 ? movers.Count : Shown;
        var others = movers.Skip(shown).ToArray();
        var (now, before) = (SumsOf(spend.Now), SumsOf(spend.Before));
        return new DimensionMovers(
            spend.Dimension, [.. movers.Take(shown).Select(mover => new MoverLine(mover, before[mover.Value].FirstOrDefault(), now[mover.Value].FirstOrDefault()))],
            others.Length,
            others.Aggregate(Usd.Zero, (sum, mover) => sum + mover.Before), others.Aggregate(Usd.Zero, (sum, mover) => sum + mover.After));
    }

    private static ILookup<string?, SpendSums> SumsOf(IReadOnlyList<SpendRow> rows) => rows.ToLookup(row => row.Value, row => row.Sums, StringComparer.Ordinal);

    private static Dictionary<string, DateTimeOffset> Appeared(IReadOnlyList<VersionLine> lines, TimeWindow range) => lines
        .GroupBy(line => line.PromptVersion, StringComparer.Ordinal)
        .Select(version => (Version: version.Key, First: version.Min(line => line.FirstSeen)))
        .Where(version => version.First >= range.Start - DeployBefore && version.First < range.End)
        .ToDictionary(version => version.Version, version => version.First, StringComparer.Ordinal);
}
