using System.Globalization;

namespace Opsmeter.Bench.Faults;

/// <summary>Runs one kind of fault; the results are kept in docs/reliability.md.</summary>
internal static class FaultCommand
{
    public static async Task<int> RunAsync(string[] arguments) => arguments switch
    {
        ["kill", .. var rest] => await KillCycles.RunAsync(Number(rest, 1_000)),
        ["power", .. var rest] => await PowerCuts.RunAsync(Number(rest, 20)),
        ["io", .. var rest] => await InputOutput.RunAsync(Number(rest, 10)),
        ["slow", .. var rest] => await SlowSyncs.RunAsync(Number(rest, 300)),
        ["stop", .. var rest] => await Drains.RunAsync(Number(rest, 10)),
        ["disk"] => await FullDisk.RunAsync(),
        ["backup", .. var rest] => await BackupsUnderLoad.RunAsync(Number(rest, 20)),
        ["restart", .. var rest] => await RestartGap.RunAsync(Number(rest, 20)),
        _ => Figures.Usage(),
    };

    private static int Number(string[] rest, int usual) => rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : usual;
}
