using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Versions;

/// <summary>What each change of a prompt did to the cost of a request, endpoint by endpoint; any two versions side by side.</summary>
public sealed partial class VersionsPage(PromptVersions versions, Overviews overviews)
{
    private const int Step = 20;
    private const int ChartHeight = 240;
    private const string ByName = "name";
    private const string ByCost = "cost";

    private IReadOnlyList<EndpointVersions>? _endpoints;
    private VersionComparison? _comparison;
    private Reports.Overview? _chart;
    private SpendView? _view;
    private string _search = "";
    private int _most = Step;

    private static IReadOnlyList<Choice<string>> Orders { get; } = [new(ByCost, "Cost"), new(ByName, "Name")];

    private string Sort => Asked("sort") == ByName ? ByName : ByCost;

    /// <summary>The endpoint whose versions are compared, or null.</summary>
    private string? Of => Asked("of");

    private IReadOnlyList<string> Picked => [.. new[] { Asked("a"), Asked("b") }.OfType<string>().Distinct(StringComparer.Ordinal)];

    private string? OnlyEndpoint => View.Only.TryGetValue(Dimension.EndpointTag, out var only) && only.Count == 1 ? only[0] : null;

    private IReadOnlyList<EndpointVersions> Found
    {
        get
        {
            var wanted = View.Only.GetValueOrDefault(Dimension.PromptVersion);
            var found = (_endpoints ?? []).Where(endpoint => (wanted is null || wanted.Any(name => endpoint.Find(name) is not null)) && Matches(endpoint));
            return [.. Sort == ByName ? found.OrderBy(endpoint => endpoint.EndpointTag, StringComparer.OrdinalIgnoreCase) : found];
        }
    }

    private string Summary
    {
        get
        {
            if (_endpoints is null)
            {
                return "";
            }

            var (endpoints, all) = (_endpoints.Count, _endpoints.Sum(endpoint => endpoint.Versions.Count));
            var fresh = _endpoints.Sum(endpoint => endpoint.Versions.Count(version => version.IsNew));
            var before = _endpoints.Sum(endpoint => endpoint.Versions.Count(version => version.IsJustBefore));
            return $"{Count.Format(all)} {(all == 1 ? "version" : "versions")} of {Count.Format(endpoints)} {(endpoints == 1 ? "endpoint" : "endpoints")}, {Count.Format(fresh)} new"
                + (before == 0 ? "" : $", {Count.Format(before)} from just before");
        }
    }

    /// <inheritdoc />
    protected override void Clear()
    {
        _search = Asked("q") ?? "";
        if (_view != View)
        {
            (_view, _most, _chart) = (View, Step, null);
            _endpoints = versions.Recent(Visitor.WorkspaceId, View);
        }

        if (_comparison is { } shown && (shown.EndpointTag != Of || !Picked.SequenceEqual([shown.First.Line.PromptVersion, shown.Second.Line.PromptVersion])))
        {
            _comparison = null;
        }
    }

    /// <inheritdoc />
    protected override async Task ReadAsync(SpendPeriod period, CancellationToken cancellation)
    {
        var endpoints = await versions.ReadAsync(period, cancellation);
        cancellation.ThrowIfCancellationRequested();
        _endpoints = endpoints;
        StateHasChanged();
        if (endpoints.FirstOrDefault(endpoint => endpoint.EndpointTag == Of) is { } compared && Picked is [var first, var second])
        {
            var comparison = await versions.CompareAsync(period, compared, first, second, cancellation);
            cancellation.ThrowIfCancellationRequested();
            _comparison = comparison;
            StateHasChanged();
        }

        if (OnlyEndpoint is not null && endpoints.Count > 0)
        {
            // Compared with nothing: there is no version in the time before to draw.
            var alone = period with { View = period.View with { Compare = ComparedWith.None }, Before = null };
            var chart = await overviews.ReadAsync(alone, Dimension.PromptVersion, _chart, cancellation);
            cancellation.ThrowIfCancellationRequested();
            _chart = chart;
        }
    }

    private bool Matches(EndpointVersions endpoint) => _search.Trim() is not { Length: > 0 } text
        || endpoint.EndpointTag.Contains(text, StringComparison.OrdinalIgnoreCase)
        || endpoint.Versions.Any(version => version.Name.Contains(text, StringComparison.OrdinalIgnoreCase));

    private string AddressOf(SpendView view) => "versions" + view.ToQuery(("q", Asked("q")), ("sort", Asked("sort")));

    private void GoWith(SpendView view, params ReadOnlySpan<(string Name, string? Value)> more) =>
        Go(view, [("q", _search.Trim() is { Length: > 0 } text ? text : null), ("sort", Sort == ByCost ? null : Sort), .. more]);

    // Another order or search is no reason to end a comparison.
    private void SortBy(string sort) => Go(View, ("q", Asked("q")), ("sort", sort == ByCost ? null : sort), ("of", Of), ("a", Asked("a")), ("b", Asked("b")));

    private void Search() => GoWith(View, ("of", Of), ("a", Asked("a")), ("b", Asked("b")));

    private void ClearSearch()
    {
        _search = "";
        Search();
    }

    // Whatever was checked first, the earlier version comes first: it is what the later one is said to differ from.
    private void Pick(EndpointVersions endpoint, string version, bool picked)
    {
        IReadOnlyList<string> before = Of == endpoint.EndpointTag ? Picked : [];
        var names = (picked ? before.Append(version).TakeLast(2) : before.Where(name => name != version)).ToHashSet(StringComparer.Ordinal);
        string[] ordered = [.. endpoint.Versions.Select(one => one.Name).Where(names.Contains)];
        GoWith(View, ("of", ordered.Length > 0 ? endpoint.EndpointTag : null), ("a", ordered.ElementAtOrDefault(0)), ("b", ordered.ElementAtOrDefault(1)));
    }

    private void Swap() => GoWith(View, ("of", Of), ("a", Asked("b")), ("b", Asked("a")));
}
