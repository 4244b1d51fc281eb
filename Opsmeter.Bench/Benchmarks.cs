using System.Globalization;

namespace Opsmeter.Bench;

internal static class Benchmarks
{
    private static async Task<int> Main(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        return args switch
        {
            ["load", var address, var connections, var seconds, var path, var key, var body] => await LoadGenerator.RunAsync(
                new Uri(address), int.Parse(connections, CultureInfo.InvariantCulture), int.Parse(seconds, CultureInfo.InvariantCulture), path, key, body),
            ["throughput"] => await Throughput.RunAsync(),
            ["visible"] => await Visibility.RunAsync(),
            ["start"] => await StartAndMemory.RunAsync(),
            [] or ["all"] => await Throughput.RunAsync() | await Visibility.RunAsync() | await StartAndMemory.RunAsync(),
            _ => Figures.Usage(),
        };
    }
}
