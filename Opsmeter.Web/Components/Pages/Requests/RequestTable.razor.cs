using System.Data.Common;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using Microsoft.JSInterop;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Requests;

/// <summary>The list of requests in a frame of its own that scrolls: only the rows in sight are drawn, older ones are read as it nears its end.</summary>
public sealed partial class RequestTable : IAsyncDisposable
{
    private const int FirstRows = 40;
    private const float RowHeight = 34;
    private ElementReference _scroll;
    private Virtualize<(int Index, RequestItem Item)>? _rows;
    private DotNetObjectReference<RequestTable>? _self;
    private IJSObjectReference? _module;
    private IJSObjectReference? _watch;
    private bool _isSeen;
    private bool _failed;
    private bool _disposed;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <summary>The requests; they have been read once.</summary>
    [Parameter, EditorRequired]
    public RequestFeed Feed { get; set; } = default!;

    /// <summary>What the page looks at.</summary>
    [Parameter, EditorRequired]
    public SpendView View { get; set; } = SpendView.Usual;

    /// <summary>Called when the list is scrolled away from its top, or back.</summary>
    [Parameter]
    public EventCallback<bool> OnTopChanged { get; set; }

    private IReadOnlyList<RequestItem> Items => Feed.Items ?? [];

    /// <summary>Draws the rows again after the feed changed.</summary>
    public Task RefreshAsync() => _rows is null ? Task.CompletedTask : _rows.RefreshDataAsync();

    /// <summary>Scrolls to the newest.</summary>
    public Task ToTopAsync() => CallAsync("toTop");

    /// <summary>Called by the browser.</summary>
    [JSInvokable]
    public Task OnScrolled(bool isAtTop) => InvokeAsync(() => OnTopChanged.InvokeAsync(isAtTop));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await CallAsync("dispose");
        try
        {
            if (_watch is not null)
            {
                await _watch.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone; it took the list along.
        }

        _self?.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _self = DotNetObjectReference.Create(this);
        try
        {
            _module = await Js.InvokeAsync<IJSObjectReference>("import", "./js/requests.js");
            if (!_disposed)
            {
                _watch = await _module.InvokeAsync<IJSObjectReference>("watchTop", _scroll, _self);
            }

            // The list may have been left while the script was loading.
            if (_disposed)
            {
                await DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // As above.
        }
        catch (JSException) when (_disposed)
        {
            // It was left just then: there is no frame to watch.
        }
    }

    // What lies beyond is not counted, so that the bar grows by a page as its end is neared.
    private async ValueTask<ItemsProviderResult<(int Index, RequestItem Item)>> ProvideAsync(ItemsProviderRequest request)
    {
        var hasFailed = false;
        try
        {
            await Feed.ReachAsync(request.StartIndex + request.Count, request.CancellationToken);
        }
        catch (DbException)
        {
            // The rows that are there stay; below them stands what to do.
            hasFailed = true;
        }

        if (!_isSeen || _failed != hasFailed)
        {
            (_isSeen, _failed) = (true, hasFailed);
            StateHasChanged();
        }

        var rows = Items.Skip(request.StartIndex).Take(request.Count).Select((item, index) => (request.StartIndex + index, item));
        var beyond = Feed.HasMore && !hasFailed ? RequestFeed.PageSize : 0;
        return new ItemsProviderResult<(int Index, RequestItem Item)>([.. rows], Items.Count + beyond);
    }

    private async Task CallAsync(string function)
    {
        try
        {
            if (_watch is not null)
            {
                await _watch.InvokeVoidAsync(function);
            }
        }
        catch (JSDisconnectedException)
        {
            // As above.
        }
    }
}
