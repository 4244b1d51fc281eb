using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MimeKit;

namespace Opsmeter.Tests.Support;

/// <summary>A mail server on the loopback, in a process of its own.</summary>
public sealed class MailSink : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<ReceivedMail> _received = new();

    private MailSink(Process process) => _process = process;

    /// <summary>Where it listens.</summary>
    public int Port { get; private set; }

    /// <summary>What came, in order.</summary>
    public IReadOnlyList<ReceivedMail> Received => [.. _received];

    /// <summary>Starts one.</summary>
    public static async Task<MailSink> StartAsync()
    {
        var process = Process.Start(NodeScript.Start("smtp-sink.mjs"))!;
        var sink = new MailSink(process);
        sink.Port = int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        _ = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                sink._received.Enqueue(JsonSerializer.Deserialize<ReceivedMail>(line, JsonSerializerOptions.Web)!);
            }
        });
        return sink;
    }

    /// <summary>What came, once there is so much of it.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> WaitAsync(int count)
    {
        for (var i = 0; i < 200 && _received.Count < count; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System);
        }

        return Received;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

/// <summary>A mail as a server took it.</summary>
public sealed record ReceivedMail(string From, IReadOnlyList<string> To, string? User, string Mail)
{
    /// <summary>The mail, read.</summary>
    public MimeMessage Read() => MimeMessage.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Mail)));
}

/// <summary>Scripts of the tests, run by Node.js with the packages that the build installs.</summary>
internal static class NodeScript
{
    /// <summary>How a script is started.</summary>
    public static ProcessStartInfo Start(string name)
    {
        var root = Directory.GetParent(AppContext.BaseDirectory)!;
        while (!File.Exists(Path.Combine(root.FullName, "package.json")) || !File.Exists(Path.Combine(root.FullName, "Opsmeter.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("The repository was not found above the tests.");
        }

        return new ProcessStartInfo("node", [Path.Combine(root.FullName, "Opsmeter.Tests", "Web", "Alerts", name), root.FullName])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
    }

    /// <summary>Runs a script over an input; what it printed.</summary>
    public static async Task<string> RunAsync(string name, string input)
    {
        using var process = Process.Start(Start(name))!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Trim();
    }
}
