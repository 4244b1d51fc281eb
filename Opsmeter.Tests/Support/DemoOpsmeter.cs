using System.Text.RegularExpressions;
using Xunit;

namespace Opsmeter.Tests.Support;

/// <summary>The demo with its month loaded and one browser signed in to it: made once, for all who only look.</summary>
public sealed partial class DemoOpsmeter : IAsyncLifetime
{
    private readonly TestFolder _folder = new();

    internal OpsmeterProcess Process { get; private set; } = null!;

    internal TestBrowser Browser { get; private set; } = null!;

    /// <summary>Where its data lies.</summary>
    internal string DataFolder => Path.Combine(_folder.Path, "data");

    public async ValueTask InitializeAsync()
    {
        Process = await OpsmeterProcess.StartAsync(_folder.Path, settings: null, "--demo");
        await Process.LoggedAsync(Loaded());
        Browser = await TestBrowser.OpenAsync(Process.Address);
        await Browser.SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        if (Process is not null)
        {
            await Process.DisposeAsync();
        }

        _folder.Dispose();
    }

    [GeneratedRegex("requests and their policy are loaded")]
    private static partial Regex Loaded();
}
