using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Opsmeter.Web.Components.Layout;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Components;

/// <summary>The document. Rendered once on the server, so it reads the appearance from the cookie before any pixel.</summary>
public sealed partial class App
{
    private Appearance _appearance = Appearance.Default;
    private string _nonce = "";

    [CascadingParameter]
    private HttpContext Http { get; set; } = default!;

    private IComponentRenderMode? PageRenderMode =>
        Http.AcceptsInteractiveRouting() ? RenderMode.InteractiveServer : null;

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        _appearance = Appearance.Read(Http.Request.Cookies[Appearance.CookieName]);
        _nonce = SecurityHeaders.Nonce(Http);
    }
}
