using Microsoft.AspNetCore.Components;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Requests;

/// <summary>One revision of a request: what was sent, what it cost, what counts it, and the way to the pages it shows on.</summary>
public sealed partial class RequestDetails(RequestFates fates, SpendPeriods periods)
{
    private static readonly TimeSpan Around = TimeSpan.FromDays(3.5);
    private RequestFate _fate = new(default, false, []);
    private SpendView _view = SpendView.Usual;

    /// <summary>True when the id has no other revision, so that naming it again says nothing.</summary>
    [Parameter]
    public bool IsOnly { get; set; }

    /// <summary>The request.</summary>
    [Parameter, EditorRequired]
    public RequestItem Item { get; set; } = default!;

    /// <summary>The view that it was found in.</summary>
    [Parameter]
    public SpendView View { get; set; } = SpendView.Usual;

    /// <summary>True when the visitor may take it back.</summary>
    [Parameter]
    public bool CanVoid { get; set; }

    /// <summary>Called when the visitor wants to take it back.</summary>
    [Parameter]
    public EventCallback<RequestItem> OnVoid { get; set; }

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    private string VersionAddress =>
        "versions" + _view.With(Dimension.EndpointTag, Item.EndpointTag).With(Dimension.PromptVersion, Item.PromptVersion).ToQuery();

    private IEnumerable<(string Name, string Page, Dimension Dimension, string? Value)> People =>
    [
        ("User", "users", Dimension.UserId, Item.UserId), ("Tenant", "users", Dimension.TenantId, Item.TenantId),
        ("Key", "requests", Dimension.ApiKey, Item.ApiKey),
    ];

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        _fate = fates.Of(Visitor.WorkspaceId, Item);
        _view = ViewOf();
    }

    // The links lead to where the request is: to its environment and data mode, and to a week that holds it.
    private SpendView ViewOf()
    {
        var view = View with { Filters = [], Environment = Item.Environment, DataMode = Item.DataMode };
        return periods.Of(Visitor.WorkspaceId, view).Range.Window.Contains(Item.OccurredAt)
            ? view
            : view.In(new TimeWindow(Item.OccurredAt - Around, Item.OccurredAt + Around));
    }

    private string Address(string page, Dimension dimension, string value) => page + _view.With(dimension, value).ToQuery();
}
