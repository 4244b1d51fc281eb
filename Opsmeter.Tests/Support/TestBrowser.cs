using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Opsmeter.Tests.Support;

/// <summary>A Chromium of its own, as one person at one desk has it.</summary>
internal sealed class TestBrowser : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly ConcurrentQueue<string> _errors = new();

    // What is waited for is there at once on a quiet machine; a busy one takes longer.
    static TestBrowser() => Assertions.SetDefaultExpectTimeout(20_000);

    private TestBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>The one page.</summary>
    public IPage Page { get; private set; } = null!;

    /// <summary>What went wrong in the page: exceptions, failed loads, breaches of the content security policy.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Opens one on an address.</summary>
    public static async Task<TestBrowser> OpenAsync(Uri address, ColorScheme scheme = ColorScheme.Dark)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Find(),
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
        var opened = new TestBrowser(playwright, browser);
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(), ColorScheme = scheme, ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
        });
        opened.Page = await context.NewPageAsync();
        opened.Page.SetDefaultTimeout(20_000);
        opened.Page.PageError += (_, error) => opened._errors.Enqueue(error);
        opened.Page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                opened._errors.Enqueue(message.Text);
            }
        };
        return opened;
    }

    /// <summary>Forgets what went wrong so far, where that was asked for.</summary>
    public void ForgetErrors() => _errors.Clear();

    /// <summary>Goes to a page and waits until it answers: a page that was only sent looks the same, but does nothing yet.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await LiveAsync();
    }

    /// <summary>Waits until the page that is open answers.</summary>
    public Task LiveAsync() => Page.Locator(".live-on").WaitForAsync();

    /// <summary>Signs the set-up admin in, or whoever is named.</summary>
    public async Task SignInAsync(string email = OpsmeterProcess.AdminEmail, string password = OpsmeterProcess.AdminPassword)
    {
        await Page.GotoAsync("account/sign-in");
        await Page.GetByLabel("E-mail").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await LiveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        _playwright.Dispose();
    }

    private static string Find() =>
        Environment.GetEnvironmentVariable("CHROMIUM")
        ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("Chromium is missing: install it (scripts/test.sh does), or name it in the variable CHROMIUM.");
}
