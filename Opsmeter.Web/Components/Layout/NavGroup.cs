using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Layout;

/// <summary>A heading of the navigation and the pages under it.</summary>
internal sealed record NavGroup(string Title, IReadOnlyList<NavPage> Pages)
{
    /// <summary>The navigation, in order. The list of shortcuts is made from it too.</summary>
    public static readonly IReadOnlyList<NavGroup> All =
    [
        new("Spend",
        [
            new("Overview", "", 'o', IconName.Columns, HasView: true, Closer: "investigate"),
            new("Endpoints", "endpoints", 'e', IconName.Endpoint, HasView: true),
            new("Users", "users", 'u', IconName.People, HasView: true),
            new("Prompt versions", "versions", 'p', IconName.Branch, HasView: true),
            new("Models", "models", 'm', IconName.Cube, HasView: true),
            new("Requests", "requests", 'r', IconName.List, HasView: true),
        ]),
        new("Control",
        [
            new("Budgets", "budgets", 'b', IconName.Gauge),
            new("Tiers", "tiers", 't', IconName.Layers),
            new("Alerts", "alerts", 'a', IconName.Inbox),
            new("Weekly review", "review", 'w', IconName.Check),
        ]),
        new("Admin",
        [
            new("Quickstart", "quickstart", 'q', IconName.Bolt),
            new("Settings", "settings", 's', IconName.Sliders),
            new("Audit log", "audit", 'l', IconName.Clock, Needs: Permission.EditPolicy),
        ]),
    ];

    /// <summary>The pages of it that a visitor is shown; without one, those that everybody is.</summary>
    public IEnumerable<NavPage> For(Visitor? visitor) => Pages.Where(page => page.Needs == Permission.View || visitor?.Can(page.Needs) == true);
}
