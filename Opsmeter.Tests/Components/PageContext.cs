using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace Opsmeter.Tests.Components;

/// <summary>A bUnit context with what the pages have: MudBlazor's services and a browser that answers anything.</summary>
public abstract class PageContext : BunitContext
{
    protected PageContext()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices(options => options.PopoverOptions.CheckForPopoverProvider = false);
    }
}
