using System.Collections.Concurrent;
using Microsoft.Playwright;
using Opsmeter.Tests.Support;

namespace Opsmeter.Tests.Browser.Payloads;

/// <summary>A Chromium that notes whatever a payload may do: run, be refused by the content security policy, become an element, ask another host.</summary>
internal sealed class PayloadBrowser : IAsyncDisposable
{
    // The payloads' attribute, addresses that are scripts, and event handlers: whichever comes, the product wrote none of it.
    private const string Injected = """
        () => {
            const found = [];
            for (const element of document.querySelectorAll('*')) {
                for (const { name, value } of element.attributes) {
                    const isAddress = ['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'srcdoc'].includes(name);
                    if (name === 'pwn' || name.startsWith('on') || (isAddress && /^[\u0000-\u0020]*(javascript|data:text|vbscript)/i.test(value)))
                        found.push(`<${element.localName} ${name}="${value}">`);
                }
            }
            return found;
        }
        """;

    // Every text that a person or a screen reader meets.
    private const string Texts = """
        (within) => {
            const found = [document.title];
            for (const root of document.querySelectorAll(within)) {
                const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT,
                    (node) => ['SCRIPT', 'STYLE'].includes(node.parentElement?.tagName) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
                while (walker.nextNode()) found.push(walker.currentNode.data);
                for (const element of [root, ...root.querySelectorAll('*')]) {
                    for (const name of ['title', 'aria-label', 'placeholder']) if (element.hasAttribute(name)) found.push(element.getAttribute(name));
                    if ('value' in element && typeof element.value === 'string') found.push(element.value);
                }
            }
            return found;
        }
        """;

    private readonly ConcurrentQueue<string> _noticed = new();
    private readonly string _host;

    private PayloadBrowser(TestBrowser browser, string host) => (Browser, _host) = (browser, host);

    /// <summary>The browser.</summary>
    public TestBrowser Browser { get; }

    /// <summary>Its page.</summary>
    public IPage Page => Browser.Page;

    /// <summary>What payloads did, and where.</summary>
    public IReadOnlyCollection<string> Noticed => _noticed;

    /// <summary>Pages that were opened and looked over.</summary>
    public int Looked { get; private set; }

    /// <summary>Opens one.</summary>
    public static async Task<PayloadBrowser> OpenAsync(Uri address)
    {
        var opened = new PayloadBrowser(await TestBrowser.OpenAsync(address), address.Authority);
        var page = opened.Page;
        await page.ExposeFunctionAsync("__ran", (object? what) => opened.Note($"script {what} ran"));
        await page.ExposeFunctionAsync("__violated", (string what) => opened.Note("refused by the policy: " + what));
        await page.AddInitScriptAsync(
            "document.addEventListener('securitypolicyviolation', (event) => __violated(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));");
        page.Dialog += (_, dialog) =>
        {
            opened.Note("dialog: " + dialog.Message);
            _ = dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (Uri.TryCreate(request.Url, UriKind.Absolute, out var asked) && asked.Scheme.StartsWith("http", StringComparison.Ordinal) && asked.Authority != opened._host)
            {
                opened.Note("asked " + request.Url);
            }
        };
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase) || message.Text.Contains("Refused to", StringComparison.Ordinal))
            {
                opened.Note("console: " + message.Text);
            }
        };
        page.Download += (_, download) => opened.Note("downloaded " + download.Url);
        return opened;
    }

    /// <summary>Looks the page over as it stands; the texts within a part of it.</summary>
    public async Task<string[]> LookAsync(string within = "body")
    {
        Looked++;
        foreach (var element in await Page.EvaluateAsync<string[]>(Injected))
        {
            Note("became an element: " + element);
        }

        return await Page.EvaluateAsync<string[]>(Texts, within);
    }

    /// <summary>Waits until a payload is seen within a part of the page, whole and as it was written; false when it does not come.</summary>
    public async Task<bool> SeesAsync(string text, string within, int tries = 40)
    {
        for (var i = 0; i < tries; i++)
        {
            if ((await Page.EvaluateAsync<string[]>(Texts, within)).Any(seen => seen.Contains(text, StringComparison.Ordinal)))
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        return false;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Browser.DisposeAsync();

    private void Note(string what) => _noticed.Enqueue($"{Page.Url}: {what}");
}
