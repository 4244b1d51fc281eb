using System.Diagnostics;

namespace Opsmeter.Bench.Faults;

/// <summary>Runs the system's tools: mount, strace and such, most of which need root.</summary>
internal static class Shell
{
    /// <summary>Runs one and waits.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it wrote.</exception>
    public static async Task RunAsync(string file, params string[] arguments)
    {
        using var process = Start(file, arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await error}");
        }
    }

    /// <summary>Starts one that goes on; its output is to be read.</summary>
    public static Process Start(string file, params string[] arguments) => Process.Start(new ProcessStartInfo(file, arguments)
    {
        RedirectStandardOutput = true, RedirectStandardError = true,
    })!;

    /// <summary>Sends a process a signal.</summary>
    public static Task SignalAsync(int process, string signal) => RunAsync("kill", "-" + signal, process.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
