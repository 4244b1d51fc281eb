using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Opsmeter.Tests.Support;

/// <summary>The product as its users run it: a process of its own, on a free port, that can be killed.</summary>
internal sealed partial class OpsmeterProcess : IAsyncDisposable
{
    public const string AdminEmail = "lead@example.com";
    public const string AdminPassword = "three quiet orange trains";
    public const string ApiKey = "opm_testtest_0123456789abcdefghijklmnop";

    /// <summary>An admin and a key.</summary>
    public static readonly IReadOnlyDictionary<string, string> UsualSettings = new Dictionary<string, string>
    {
        ["Setup__AdminEmail"] = AdminEmail, ["Setup__AdminPassword"] = AdminPassword, ["Setup__ApiKey"] = ApiKey,
    };

    private const string AnyPort = "http://127.0.0.1:0";
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private OpsmeterProcess(Process process) => _process = process;

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>True once it ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>With what it ended; only once it has.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Starts it on a data folder and waits until it takes requests.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="settings">Configuration; an admin and a key are set up unless it is given. None at all is a first start.</param>
    /// <param name="arguments">Further arguments.</param>
    public static async Task<OpsmeterProcess> StartAsync(
        string folder, IReadOnlyDictionary<string, string>? settings = null, params string[] arguments)
    {
        // A first start makes its schema itself, and so does a demo.
        if (settings is not { Count: 0 } && !arguments.Contains("--demo"))
        {
            EmptyDatabase.PutInto(Path.Combine(folder, "data"));
        }

        var opsmeter = In(folder, settings ?? UsualSettings, ["--urls", AnyPort, .. arguments]);
        await opsmeter.OpenAsync();
        return opsmeter;
    }

    /// <summary>Runs it with arguments that make it do something and end.</summary>
    /// <returns>Its exit code, and what it wrote.</returns>
    public static async Task<(int Code, string Said)> RunAsync(string folder, params string[] arguments)
    {
        var opsmeter = In(folder, new Dictionary<string, string>(), arguments);
        opsmeter.Start();
        await using (opsmeter)
        {
            await opsmeter.EndedAsync();
            return (opsmeter._process.ExitCode, opsmeter.Log);
        }
    }

    /// <summary>Starts it and kills it some time after it wrote something, wherever it is then.</summary>
    public static async Task KillWhileStartingAsync(string folder, Regex written, TimeSpan after)
    {
        await using var opsmeter = In(folder, new Dictionary<string, string>(), "--urls", AnyPort);
        opsmeter.Start();
        await opsmeter.LoggedAsync(written);
        await Task.Delay(after, TimeProvider.System);
        await opsmeter.KillAsync();
    }

    /// <summary>A client with the key that was set up.</summary>
    public HttpClient Client(string? key = ApiKey)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Add("X-API-Key", key);
        }

        return client;
    }

    /// <summary>Waits until it is ready to take rows.</summary>
    public async Task ReadyAsync()
    {
        using var client = Client(null);
        while (!(await client.GetAsync("/health/ready")).IsSuccessStatusCode)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    /// <summary>Waits for something in what it writes.</summary>
    public async Task<Match> LoggedAsync(Regex pattern)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < StartsWithin)
        {
            if (pattern.Match(Log) is { Success: true } match)
            {
                return match;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        throw new TimeoutException($"{pattern} was never written. {Log}");
    }

    /// <summary>Ends it at once, as <c>kill -9</c> does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>The same, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndedAsync();
    }

    /// <summary>Asks it to stop, as a service manager does, and waits until it has.</summary>
    public async Task StopAsync()
    {
        using var terminate = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await EndedAsync();
    }

    /// <summary>Its resident memory, in MB of 1,000,000 bytes.</summary>
    public double MemoryMb()
    {
        _process.Refresh();
        return _process.WorkingSet64 / 1e6;
    }

    /// <summary>
    /// What is in use on its heap after a full collection; it must have been started with a hook that writes that on SIGUSR1.
    /// </summary>
    public async Task<long> HeapBytesAsync()
    {
        var asked = HeapInUse().Count(Log);
        using var signal = Process.Start("kill", ["-USR1", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < StartsWithin;)
        {
            if (HeapInUse().Matches(Log) is { } answers && answers.Count > asked)
            {
                return long.Parse(answers[^1].Groups[1].Value, CultureInfo.InvariantCulture);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        throw new TimeoutException("The heap in use was never written.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task EndedAsync()
    {
        using var patience = new CancellationTokenSource(EndsWithin, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"It had not ended after {EndsWithin.TotalSeconds} s. {Log}");
        }
    }

    // Built beside the tests, in the same configuration.
    private static OpsmeterProcess In(string folder, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly(), .. arguments])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["Storage__DataDirectory"] = Path.Combine(folder, "data");
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return new OpsmeterProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
    }

    // OPSMETER_APP names another build, such as a published one.
    private static string Assembly()
    {
        if (Environment.GetEnvironmentVariable("OPSMETER_APP") is { Length: > 0 } published)
        {
            return published;
        }

        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = output.Parent!.Name;
        return Path.Combine(output.Parent.Parent!.Parent!.Parent!.FullName, "Opsmeter.Web", "bin", configuration, output.Name, "Opsmeter.Web.dll");
    }

    private async Task OpenAsync()
    {
        Start();
        Address = new Uri(await _address.Task.WaitAsync(StartsWithin, TimeProvider.System));
    }

    private void Start()
    {
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Exited += (_, _) => _ = Task.Run(async () =>
        {
            // Its last words may still be on their way.
            await EndedAsync();
            _address.TrySetException(new InvalidOperationException("It ended while starting. " + Log));
        });
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        _log.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match)
        {
            _address.TrySetResult(match.Groups[1].Value);
        }
    }

    [GeneratedRegex("Heap in use: ([0-9]+) bytes")]
    private static partial Regex HeapInUse();

    [GeneratedRegex("Now listening on: (http://[^ \"]+)")]
    private static partial Regex Listening();
}
