using Microsoft.AspNetCore.Components;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Requests;

/// <summary>Every request, newest first. New ones appear by themselves unless the list is paused or reaches back.</summary>
public sealed partial class RequestsPage(RequestList requests, LiveFeed live, NavigationManager navigation) : IDisposable
{
    private const int PageSize = 100;
    private readonly CancellationTokenSource _closing = new();
    private IDisposable? _watch;
    private List<RequestItem>? _items;
    private RequestCursor? _next;
    private int _conflicts;
    private bool _paused;
    private bool _busy;

    [SupplyParameterFromQuery(Name = "environment")]
    public string? Environment { get; set; }

    [SupplyParameterFromQuery(Name = "data")]
    public string? Data { get; set; }

    [SupplyParameterFromQuery(Name = "endpoint")]
    public string? Endpoint { get; set; }

    [SupplyParameterFromQuery(Name = "id")]
    public string? Id { get; set; }

    [SupplyParameterFromQuery(Name = "only")]
    public string? Only { get; set; }

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    private static IReadOnlyList<Choice<string>> Environments { get; } =
        [new("prod", "prod"), new("staging", "staging"), new("dev", "dev"), new("all", "all")];

    private static IReadOnlyList<Choice<string>> Modes { get; } =
        [new("real", "real"), new("test", "test"), new("demo", "demo"), new("all", "all")];

    private static IReadOnlyList<Choice<string>> Kinds { get; } =
        [new("all", "All"), new("errors", "Errors"), new("unpriced", "Unpriced"), new("conflicts", "Conflicting ids")];

    private bool IsOtherTraffic => Environment is not (null or "prod") || Data is not (null or "real");

    private bool HasFilter => IsOtherTraffic || Only is not null || Endpoint is { Length: > 0 } || Id is { Length: > 0 };

    private RequestFilter Filter => new()
    {
        Environment = Environment == "all" ? null : Enum.TryParse<DeploymentEnvironment>(Environment, true, out var environment) ? environment : DeploymentEnvironment.Prod,
        DataMode = Data == "all" ? null : Enum.TryParse<DataMode>(Data, true, out var mode) ? mode : DataMode.Real,
        Only = Endpoint is { Length: > 0 } endpoint
            ? new Dictionary<Dimension, IReadOnlyList<string>> { [Dimension.EndpointTag] = [endpoint] }
            : new Dictionary<Dimension, IReadOnlyList<string>>(),
        IdPrefix = Id,
        OnlyErrors = Only == "errors",
        OnlyUnpriced = Only == "unpriced",
        OnlyConflicts = Only == "conflicts",
    };

    /// <inheritdoc />
    public void Dispose()
    {
        _watch?.Dispose();
        _closing.Cancel();
        _closing.Dispose();
    }

    /// <inheritdoc />
    protected override Task OnParametersSetAsync() => ReadNewestAsync();

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _watch = live.Subscribe(
                Visitor.WorkspaceId, _ => InvokeAsync(() => _paused || _items?.Count > PageSize ? Task.CompletedTask : ReadNewestAsync()));
        }
    }

    private async Task ReadNewestAsync()
    {
        try
        {
            var page = await requests.ReadAsync(Visitor.WorkspaceId, Filter, null, PageSize, _closing.Token);
            _conflicts = await requests.CountConflictsAsync(Visitor.WorkspaceId, _closing.Token);
            (_items, _next) = ([.. page.Items], page.Next);
            StateHasChanged();
        }
        catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }

    private async Task LoadOlderAsync()
    {
        _busy = true;
        var page = await requests.ReadAsync(Visitor.WorkspaceId, Filter, _next, PageSize, _closing.Token);
        _items!.AddRange(page.Items);
        (_next, _busy) = (page.Next, false);
    }

    private Task TogglePause()
    {
        _paused = !_paused;
        return _paused ? Task.CompletedTask : ReadNewestAsync();
    }

    private string Address(string name, string? value) =>
        navigation.GetUriWithQueryParameter(name, string.IsNullOrWhiteSpace(value) ? null : value.Trim());

    private void Go(string name, string? value) => navigation.NavigateTo(Address(name, value));
}
