using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Opsmeter.Tests.Browser.Payloads;

/// <summary>A workspace full of payloads whose budgets have been exceeded while a browser looked on; made once for all who look.</summary>
public sealed partial class PayloadFixture : IAsyncLifetime
{
    // A toast stays until it is closed, and four are shown at once; a budget that several share adds one of its own.
    private const int ToastsAtOnce = 2;
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private Task<List<string>>? _linkless;

    internal PayloadWorkspace Workspace { get; private set; } = null!;

    /// <summary>Signed in as the admin.</summary>
    internal PayloadBrowser Inside { get; private set; } = null!;

    /// <summary>Signed in as nobody.</summary>
    internal PayloadBrowser Outside { get; private set; } = null!;

    /// <summary>Whose toast did not come.</summary>
    internal List<string> Toastless { get; } = [];

    /// <summary>
    /// Opens the links of messages, once; whose did not open what it is about. Before the tests of pages try wrong links: an
    /// address that tries many of them may open none for a while.
    /// </summary>
    internal Task<List<string>> LinklessAsync() => _linkless ??= OpenLinksAsync();

    public async ValueTask InitializeAsync()
    {
        Workspace = await PayloadWorkspace.StartAsync(ScriptPayload.OfThisRun());
        Inside = await PayloadBrowser.OpenAsync(Workspace.Process.Address);
        Outside = await PayloadBrowser.OpenAsync(Workspace.Process.Address);
        await Inside.Browser.SignInAsync();
        Say("signed in");
        for (var i = 0; i < Workspace.Payloads.Count; i++)
        {
            if (i % ToastsAtOnce == 0)
            {
                await Inside.Browser.GoAsync("");
            }

            var payload = Workspace.Payloads[i];
            await Workspace.ExceedAsync(payload);
            if (!await Inside.SeesAsync(payload.Text, "#mud-snackbar-container, .mud-snackbar"))
            {
                Toastless.Add(payload.Text);
            }

            await Inside.LookAsync();
            await Workspace.ReasonAsync(payload);
        }

        Say("exceeded");
    }

    public async ValueTask DisposeAsync()
    {
        await (Inside?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Outside?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Workspace?.DisposeAsync() ?? ValueTask.CompletedTask);
        Say("done");
    }

    internal void Say(string what) => TestContext.Current.SendDiagnosticMessage(
        string.Create(CultureInfo.InvariantCulture, $"payloads: {what} after {_since.Elapsed.TotalSeconds:F1} s, {Inside?.Looked} + {Outside?.Looked} pages looked over"));

    private async Task<List<string>> OpenLinksAsync()
    {
        var linkless = Workspace.Payloads.Select(payload => payload.Text).ToList();
        foreach (var message in await Workspace.MessagesAsync("/slack"))
        {
            if (AcknowledgeLink().Match(message.Text) is { Success: true } link)
            {
                await Outside.Page.GotoAsync(link.Groups[1].Value);
                await Outside.Page.GetByRole(AriaRole.Button, new() { Name = "I know of it" }).ClickAsync();
                await Outside.Page.GetByRole(AriaRole.Heading, new() { Name = "Acknowledged" }).Or(Outside.Page.GetByRole(AriaRole.Heading, new() { Name = "newer news" })).WaitForAsync();
                var texts = await Outside.LookAsync();
                linkless.RemoveAll(text => texts.Any(seen => seen.Contains(text, StringComparison.Ordinal)));
            }
        }

        Say("opened the links of messages");
        return linkless;
    }

    [GeneratedRegex("https://opsmeter\\.example\\.com/(alerts/acknowledge\\?[^\"]+)")]
    private static partial Regex AcknowledgeLink();
}
