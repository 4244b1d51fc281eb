using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Layout;

/// <summary>Gives every page who is looking, and their workspace's zone. A page whose member is gone goes to sign-in.</summary>
public sealed partial class SignedIn(WorkspaceZones zones, MemberRoll roll, NavigationManager navigation)
{
    private Visitor? _visitor;
    private TimeZoneInfo? _zone;

    /// <summary>The pages.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    [CascadingParameter]
    private Task<AuthenticationState>? State { get; set; }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var visitor = State is null ? null : Visitor.Of((await State).User)?.With(roll);
        if (visitor is null && RendererInfo.IsInteractive)
        {
            navigation.NavigateTo("account/sign-in", forceLoad: true);
            return;
        }

        _visitor = visitor;
        _zone = visitor is null ? null : zones.Of(visitor.WorkspaceId);
    }
}
