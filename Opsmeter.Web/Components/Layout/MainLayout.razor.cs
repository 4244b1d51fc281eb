using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Layout;

/// <summary>Navigation, top bar and the frame around every page. Section: <c>topbar</c>.</summary>
public sealed partial class MainLayout : IAsyncDisposable
{
    private bool _dark = true;
    private ErrorBoundary? _boundary;
    private DarkModeWatch? _watch;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    [CascadingParameter]
    private Appearance? Appearance { get; set; }

    /// <summary>Who is signed in; the menu is left out when null.</summary>
    [CascadingParameter(Name = "UserName")]
    private string? UserName { get; set; }

    [CascadingParameter]
    private Visitor? Visitor { get; set; }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
        {
            await _watch.DisposeAsync();
        }
    }

    /// <inheritdoc />
    protected override void OnInitialized() => _dark = (Appearance ?? Appearance.Default).Dark;

    // A new page starts afresh: an error belongs to the page that had it.
    /// <inheritdoc />
    protected override void OnParametersSet() => _boundary?.Recover();

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _watch = await DarkModeWatch.StartAsync(Js, SetDarkAsync);
        }
    }

    private Task SetDarkAsync(bool dark) => InvokeAsync(() =>
    {
        if (_dark != dark)
        {
            _dark = dark;
            StateHasChanged();
        }
    });

    private void Recover() => _boundary?.Recover();
}
