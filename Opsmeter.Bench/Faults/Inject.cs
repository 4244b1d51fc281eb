using System.Diagnostics;
using System.Globalization;

namespace Opsmeter.Bench.Faults;

/// <summary>Faults of system calls, put into a running process by strace for as long as this lives.</summary>
internal sealed class Inject : IDisposable
{
    private static readonly TimeSpan AttachesWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DetachesWithin = TimeSpan.FromSeconds(5);
    private readonly Process _strace;
    private readonly string _log;

    private Inject(Process strace, string log) => (_strace, _log) = (strace, log);

    /// <summary>Attaches to all threads of a process.</summary>
    /// <param name="process">Its number.</param>
    /// <param name="fault">As strace's <c>inject=</c> has it.</param>
    public static async Task<Inject> AttachAsync(int process, string fault)
    {
        var log = Path.GetTempFileName();
        var number = process.ToString(CultureInfo.InvariantCulture);
        var threads = Directory.GetDirectories($"/proc/{number}/task").Length;
        var strace = Shell.Start("strace", "-f", "-o", log, "-p", number, "-e", "trace=" + fault.Split(':')[0], "-e", "inject=" + fault);
        var attached = 0;
        using var patience = new CancellationTokenSource(AttachesWithin);
        while (attached < threads && await strace.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            attached += line.Contains("attached", StringComparison.Ordinal) ? 1 : 0;
            if (line.Contains("with ", StringComparison.Ordinal) && line.Contains("threads", StringComparison.Ordinal))
            {
                break;
            }
        }

        if (strace.HasExited)
        {
            throw new InvalidOperationException("strace could not attach: " + await strace.StandardError.ReadToEndAsync(patience.Token));
        }

        _ = strace.StandardError.ReadToEndAsync(CancellationToken.None);
        return new Inject(strace, log);
    }

    /// <summary>Lets go of the process, which goes on without faults.</summary>
    /// <returns>True where a call was given the fault.</returns>
    public bool Detach()
    {
        Stop();
        return File.ReadAllText(_log) is var text && (text.Contains("INJECTED", StringComparison.Ordinal) || text.Contains("killed by SIGKILL", StringComparison.Ordinal));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Stop();
        _strace.Dispose();
        File.Delete(_log);
    }

    private void Stop()
    {
        if (!_strace.HasExited)
        {
            using var interrupt = Process.Start("kill", ["-INT", _strace.Id.ToString(CultureInfo.InvariantCulture)]);
            interrupt.WaitForExit();
        }

        // Where a process with many threads was killed it may wait for one of them for ever, and keep what is left of it.
        if (!_strace.WaitForExit(DetachesWithin))
        {
            _strace.Kill();
            _strace.WaitForExit();
        }
    }
}
