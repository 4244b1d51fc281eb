using System.Diagnostics;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench;

/// <summary>
/// The app as the image has it: compiled ahead of time, with one heap that is collected every 16 MB. What is measured of starts, restarts
/// and memory is measured with it.
/// </summary>
internal sealed class PublishedApp : IDisposable
{
    private const string Variable = "OPSMETER_APP";

    /// <summary>What the image sets beside it.</summary>
    public static readonly IReadOnlyDictionary<string, string> Settings =
        new Dictionary<string, string>(OpsmeterProcess.UsualSettings) { ["DOTNET_gcServer"] = "0", ["DOTNET_GCgen0size"] = "0x1000000", ["MALLOC_ARENA_MAX"] = "2" };

    private readonly TestFolder _folder = new();

    private PublishedApp()
    {
    }

    /// <summary>Publishes it and has server processes start it from now on; takes the one that is named already where one is.</summary>
    public static async Task<PublishedApp?> UseAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
        {
            return null;
        }

        var published = new PublishedApp();
        using var publish = Process.Start(
            "dotnet",
            [
                "publish", Path.Combine(Repository.Root, "Opsmeter.Web", "Opsmeter.Web.csproj"), "-c", "Release", "-o", published._folder.Path, "--use-current-runtime",
                "--self-contained", "false", "-p:PublishReadyToRun=true", "-p:UseAppHost=false", "-v", "q", "--nologo",
            ]);
        await publish.WaitForExitAsync();
        if (publish.ExitCode != 0)
        {
            throw new InvalidOperationException("The app could not be published.");
        }

        Environment.SetEnvironmentVariable(Variable, Path.Combine(published._folder.Path, "Opsmeter.Web.dll"));
        return published;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        _folder.Dispose();
    }
}
