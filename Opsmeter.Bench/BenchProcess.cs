using System.Diagnostics;

namespace Opsmeter.Bench;

/// <summary>
/// A <see cref="BenchServer"/> in a process of its own with what the image sets, so that what measures, and what it keeps in
/// memory, is not measured too.
/// </summary>
internal sealed class BenchProcess : IAsyncDisposable
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task _log;

    private BenchProcess(Process process, Uri address)
    {
        (_process, Address) = (process, address);
        _log = process.StandardOutput.BaseStream.CopyToAsync(Console.OpenStandardError());
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts one on a new folder that is deleted at the end.</summary>
    public static async Task<BenchProcess> StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(BenchProcess).Assembly.Location, "serve"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in PublishedApp.Settings)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Uri.TryCreate(line, UriKind.Absolute, out var address))
            {
                return new BenchProcess(process, address);
            }

            await Console.Error.WriteLineAsync(line);
        }

        throw new InvalidOperationException("The measured server did not start.");
    }

    /// <summary>What the process does: serves until its input ends, as it does when whoever started it is gone.</summary>
    public static async Task<int> ServeAsync()
    {
        await using var server = new BenchServer();
        Console.WriteLine(await server.StartAsync());
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(EndsWithin, TimeProvider.System);
        await _process.WaitForExitAsync(patience.Token);
        await _log;
        _process.Dispose();
    }
}
