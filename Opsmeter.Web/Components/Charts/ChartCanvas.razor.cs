using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Opsmeter.Web.Components.Charts;

/// <summary>The element that the browser draws into. Once made, Blazor leaves it alone; changes go through the script.</summary>
public sealed partial class ChartCanvas : IAsyncDisposable
{
    private ElementReference _host;
    private bool _made;
    private bool _disposed;
    private ChartData? _shown;
    private IJSObjectReference? _module;
    private IJSObjectReference? _chart;
    private DotNetObjectReference<ChartCanvas>? _self;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <summary>What to draw.</summary>
    [Parameter, EditorRequired]
    public ChartData Data { get; set; } = ChartData.Empty;

    /// <summary>Called with the column's and the series' index; the series is -1 when none was hit.</summary>
    [Parameter]
    public EventCallback<(int Bucket, int Series)> Clicked { get; set; }

    /// <summary>Called with the first and the last column of a stretch chosen with the pointer.</summary>
    [Parameter]
    public EventCallback<(int First, int Last)> Zoomed { get; set; }

    /// <summary>Called with the index of a mark that was clicked.</summary>
    [Parameter]
    public EventCallback<int> NoteClicked { get; set; }

    /// <summary>Sends one column.</summary>
    public Task UpdateAsync(int bucket, IReadOnlyList<decimal> values) => CallAsync("update", bucket, values);

    /// <summary>Called by the browser.</summary>
    [JSInvokable]
    public Task OnClicked(int bucket, int series) => InvokeAsync(() => Clicked.InvokeAsync((bucket, series)));

    /// <summary>Called by the browser.</summary>
    [JSInvokable]
    public Task OnZoomed(int first, int last) => InvokeAsync(() => Zoomed.InvokeAsync((first, last)));

    /// <summary>Called by the browser.</summary>
    [JSInvokable]
    public Task OnNoteClicked(int note) => InvokeAsync(() => NoteClicked.InvokeAsync(note));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await CallAsync("dispose");
        await ReleaseAsync(_chart);
        await ReleaseAsync(_module);
        _self?.Dispose();
    }

    /// <inheritdoc />
    protected override bool ShouldRender() => !_made;

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (_chart is not null && !ReferenceEquals(_shown, Data))
        {
            _shown = Data;
            await CallAsync("replace", Data);
        }
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _made = true;
        _self = DotNetObjectReference.Create(this);
        try
        {
            _module = await Js.InvokeAsync<IJSObjectReference>("import", "./js/charts.js");
            if (_disposed)
            {
                // The page was left before the script was there.
                await ReleaseAsync(_module);
                return;
            }

            var drawn = Data;
            var chart = await _module.InvokeAsync<IJSObjectReference>("create", _host, drawn, _self);
            _shown = drawn;
            _chart = chart;
            await CatchUpAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone; it took the chart along.
        }
        catch (JSException) when (_disposed)
        {
            // The page was left just then: there is no element to draw into.
        }
    }

    // While the script was loading, the page may have been left or have got other data.
    private async Task CatchUpAsync()
    {
        if (_disposed)
        {
            await DisposeAsync();
        }
        else if (!ReferenceEquals(_shown, Data))
        {
            _shown = Data;
            await CallAsync("replace", Data);
        }
    }

    private async Task CallAsync(string function, params object?[] arguments)
    {
        try
        {
            if (_chart is not null)
            {
                await _chart.InvokeVoidAsync(function, arguments);
            }
        }
        catch (JSDisconnectedException)
        {
            // As above.
        }
    }

    private static async Task ReleaseAsync(IJSObjectReference? reference)
    {
        try
        {
            if (reference is not null)
            {
                await reference.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // As above.
        }
    }
}
