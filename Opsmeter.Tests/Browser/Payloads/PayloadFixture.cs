using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Opsmeter.Tests.Browser.Payloads;

/// <summary>A workspace full of payloads whose budgets have been exceeded while a browser looked on; made once for all who look.</summary>
public sealed partial class PayloadFixture : IAsyncLifetime
{
    // A toast stays until it is closed, and four are shown at once.
    private const int ToastsAtOnce = 3;
    private readonly Stopwatch _since = Stopwatch.StartNew();

    internal PayloadWorkspace Workspace { get; private set; } = null!;

    /// <summary>Signed in as the admin.</summary>
    internal PayloadBrowser Inside { get; private set; } = null!;

    /// <summary>Signed in as nobody.</summary>
    internal PayloadBrowser Outside { get; private set; } = null!;

    /// <summary>Whose toast did not come.</summary>
    internal List<string> Toastless { get; } = [];

    /// <summary>Whose link in a message did not open what it is about.</summary>
    internal List<string> Linkless { get; } = [];

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
        await OpenLinksAsync();
        Say("opened the links of messages");
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

    // Now: an address that tries many wrong links, as the pages' tests do, may open none for a while.
    private async Task OpenLinksAsync()
    {
        Linkless.AddRange(Workspace.Payloads.Select(payload => payload.Text));
        foreach (var message in await Workspace.Messages.WaitAsync("/slack", Workspace.Payloads.Count))
        {
            if (AcknowledgeLink().Match(message.Text) is { Success: true } link)
            {
                await Outside.Page.GotoAsync(link.Groups[1].Value);
                var texts = await Outside.LookAsync();
                Linkless.RemoveAll(text => texts.Any(seen => seen.Contains(text, StringComparison.Ordinal)));
            }
        }
    }

    [GeneratedRegex("https://opsmeter\\.example\\.com/(alerts/acknowledge\\?[^\"]+)")]
    private static partial Regex AcknowledgeLink();
}
