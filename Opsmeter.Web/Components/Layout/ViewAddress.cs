using System.Collections.Frozen;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Layout;

/// <summary>Addresses of the page that is open with another view.</summary>
internal static class ViewAddress
{
    private static readonly FrozenSet<string> OfTheView =
        new[] { "from", "to", "compare", "environment", "data" }.Concat(SpendView.Names.Values).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The open page's address, relative to the base, with a view; what else it says is kept.</summary>
    public static string WithView(this NavigationManager navigation, SpendView view)
    {
        var address = navigation.ToBaseRelativePath(navigation.Uri).Split('#')[0];
        var query = address.IndexOf('?', StringComparison.Ordinal);
        var own = QueryHelpers.ParseQuery(query < 0 ? "" : address[query..])
            .Where(part => !OfTheView.Contains(part.Key))
            .SelectMany(part => part.Value.Select(value => (part.Key, value)));
        return (query < 0 ? address : address[..query]) + view.ToQuery([.. own]);
    }
}
