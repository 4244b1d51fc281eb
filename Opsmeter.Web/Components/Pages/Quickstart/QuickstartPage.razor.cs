using Microsoft.AspNetCore.Components;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Quickstart;

/// <summary>From nothing to the first counted request: a key, what to send, and what became of it.</summary>
public sealed partial class QuickstartPage(
    ApiKeys keys, RequestList requests, RequestFates fates, LiveFeed live, NavigationManager navigation) : IDisposable
{
    private static readonly RequestFilter Everything = new() { Environment = null, DataMode = null };
    private readonly CancellationTokenSource _closing = new();
    private IDisposable? _watch;
    private long _lastSeen;
    private string _name = "First key";
    private DeploymentEnvironment _environment = DeploymentEnvironment.Prod;
    private string _language = "curl";
    private string? _key;
    private bool _busy;
    private RequestItem? _first;
    private RequestFate? _fate;

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    private static IReadOnlyList<Choice<DeploymentEnvironment>> Environments { get; } =
        [new(DeploymentEnvironment.Prod, "prod"), new(DeploymentEnvironment.Staging, "staging")];

    private static IReadOnlyList<Choice<string>> Languages { get; } = [new("curl", "curl"), new("csharp", "C#")];

    private IReadOnlyList<(string Title, string Code)> Snippets
    {
        get
        {
            var host = navigation.BaseUri.TrimEnd('/');
            var key = _key ?? "YOUR_KEY";
            var environment = _environment == DeploymentEnvironment.Prod ? "prod" : "staging";
            return _language == "curl" ? Snippet.Curl(host, key, environment) : Snippet.CSharp(host, key, environment);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _watch?.Dispose();
        _closing.Cancel();
        _closing.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _lastSeen = await requests.LatestSeqAsync(Visitor.WorkspaceId, _closing.Token);
            _watch = live.Subscribe(Visitor.WorkspaceId, _ => InvokeAsync(LookAsync));
        }
    }

    private async Task MakeKeyAsync()
    {
        if (!Visitor.Can(Permission.ManageKeys))
        {
            return;
        }

        _busy = true;
        (_, _key) = await keys.CreateAsync(
            Visitor.WorkspaceId, _name.Trim(), KeyScopes.Ingest | KeyScopes.Decide, _environment, null, Visitor.ActorFor(Permission.ManageKeys));
        _busy = false;
    }

    private async Task LookAsync()
    {
        try
        {
            // Where others report already, only what comes with the key made here is the first request of this visit.
            if (_key is null && _lastSeen > 0)
            {
                return;
            }

            var prefix = _key is null ? null : ApiKeyText.PrefixOf(_key);
            var page = await requests.ReadAsync(Visitor.WorkspaceId, Everything, null, RequestList.MostItems, _closing.Token);
            var mine = page.Items.Where(item => item.Seq > _lastSeen && (prefix is null || item.ApiKey == prefix)).MaxBy(item => item.Seq);
            if (mine is null)
            {
                return;
            }

            var revisions = await requests.FindAsync(Visitor.WorkspaceId, mine.ExternalRequestId, _closing.Token);
            _first = revisions.First(item => item.Seq == mine.Seq);
            _fate = fates.Of(Visitor.WorkspaceId, _first);
            StateHasChanged();
        }
        catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }
}
