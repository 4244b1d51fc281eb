using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Layout;

/// <summary>
/// The navigation. Links to the pages of spend carry the view that is looked at, so that a question is followed from page
/// to page; after a page without one they carry the last.
/// </summary>
public sealed partial class NavMenu(NavigationManager navigation) : IDisposable
{
    private string _path = "";
    private SpendView _view = SpendView.Usual;

    [CascadingParameter]
    private Visitor? Visitor { get; set; }

    /// <inheritdoc />
    public void Dispose() => navigation.LocationChanged -= OnLocationChanged;

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        Read(navigation.Uri);
        navigation.LocationChanged += OnLocationChanged;
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change) => _ = InvokeAsync(() =>
    {
        Read(change.Location);
        StateHasChanged();
    });

    private void Read(string address)
    {
        _path = navigation.ToBaseRelativePath(address).Split('?', '#')[0].TrimEnd('/');
        if (NavGroup.All.SelectMany(group => group.Pages).Any(page => page.HasView && page.Holds(_path)))
        {
            _view = SpendView.Parse(address);
        }
    }

    private string AddressOf(NavPage page) => page.HasView ? page.Address + _view.ToQuery() : page.Address;
}
