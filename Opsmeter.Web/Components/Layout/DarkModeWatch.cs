using Microsoft.JSInterop;

namespace Opsmeter.Web.Components.Layout;

/// <summary>Tells a layout when the page turns dark or light in the browser: by the menu, or by the system.</summary>
internal sealed class DarkModeWatch : IAsyncDisposable
{
    private readonly Func<bool, Task> _changed;
    private readonly DotNetObjectReference<DarkModeWatch> _self;
    private IJSObjectReference? _module;
    private IJSObjectReference? _subscription;

    private DarkModeWatch(Func<bool, Task> changed)
    {
        _changed = changed;
        _self = DotNetObjectReference.Create(this);
    }

    /// <summary>Starts watching; calls once at once with what the browser shows now.</summary>
    public static async Task<DarkModeWatch> StartAsync(IJSRuntime js, Func<bool, Task> changed)
    {
        var watch = new DarkModeWatch(changed);
        try
        {
            watch._module = await js.InvokeAsync<IJSObjectReference>("import", "./js/shell.js");
            watch._subscription = await watch._module.InvokeAsync<IJSObjectReference>("watchDark", watch._self);
        }
        catch (JSDisconnectedException)
        {
            // The tab was closed while the page loaded: there is nothing left to watch.
        }

        return watch;
    }

    /// <summary>Called by the browser.</summary>
    [JSInvokable]
    public Task OnDarkChanged(bool dark) => _changed(dark);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_subscription is not null)
            {
                await _subscription.InvokeVoidAsync("dispose");
                await _subscription.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser went first and took its side along.
        }

        _self.Dispose();
    }
}
