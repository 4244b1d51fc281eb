using System.Globalization;

namespace Opsmeter.Bench;

internal static class Benchmarks
{
    private static async Task<int> Main(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        return args switch
        {
            ["load", var address, var connections, var seconds, var path, var key, var body, var rate, var rows, var ids] => await LoadGenerator.RunAsync(
                new Uri(address), int.Parse(connections, CultureInfo.InvariantCulture), int.Parse(seconds, CultureInfo.InvariantCulture), path, key, body,
                int.Parse(rate, CultureInfo.InvariantCulture), int.Parse(rows, CultureInfo.InvariantCulture), ids == "random"),
            ["postgres-load", var connection, var connections, var seconds, var rows, var ids] => await PostgresInserts.LoadAsync(
                connection, int.Parse(connections, CultureInfo.InvariantCulture), int.Parse(seconds, CultureInfo.InvariantCulture),
                int.Parse(rows, CultureInfo.InvariantCulture), ids == "random"),
            ["serve"] => await BenchProcess.ServeAsync(),
            ["throughput"] => await Throughput.RunAsync(),
            ["holds"] => await HeldDecisions.RunAsync(),
            ["alerts"] => await AlertDelays.RunAsync(),
            ["visible"] => await Visibility.RunAsync(),
            ["report", .. var rest] => await PerformanceReport.RunAsync(rest.Length > 0 ? rest[0] : null),
            ["keys"] => await KeyChecks.RunAsync(),
            ["faults", .. var rest] => await Faults.FaultCommand.RunAsync(rest),
            ["soak", .. var rest] => await Soak.RunAsync(Number(rest, 0, 60)),
            ["start"] => await StartAndMemory.RunAsync(),
            ["slow", .. var rest] => await SlowConnections.RunAsync(Number(rest, 0, 2_000), Number(rest, 1, 30)),
            ["cardinality", .. var rest] => await Cardinality.RunAsync(Number(rest, 0, 100_000)),
            ["generate", var folder, .. var rest] => await Generate.RunAsync(folder, Number(rest, 0, 10_000_000), Number(rest, 1, 90), rest is [_, _, "random"]),
            ["ingest", var folder] => await IngestGrowth.RunAsync(folder),
            ["reports", var folder] => await PageQueries.RunAsync(folder),
            ["replay", var folder] => await ReplaySpeed.RunAsync(folder),
            [] or ["all"] => await Throughput.RunAsync() | await HeldDecisions.RunAsync() | await Visibility.RunAsync() | await StartAndMemory.RunAsync(),
            _ => Figures.Usage(),
        };
    }

    private static int Number(string[] args, int place, int usual) =>
        args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : usual;
}
