using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Layout;

/// <summary>
/// Adds a filter: a dimension, and a value of it that the view's requests have, or one that is written. Enter takes the first
/// of those shown.
/// </summary>
public sealed partial class FilterMenu(FilterSuggestions suggestions, NavigationManager navigation, IJSRuntime js) : IDisposable
{
    private const int Most = 8;
    private readonly CancellationTokenSource _closing = new();
    private ElementReference _menu;
    private Dimension _dimension = Dimension.EndpointTag;
    private Dimension _read;
    private IReadOnlyList<FilterSuggestion>? _values;
    private SpendView? _shown;
    private string _typed = "";
    private bool _failed;

    /// <summary>What the page looks at.</summary>
    [Parameter, EditorRequired]
    public SpendView View { get; set; } = SpendView.Usual;

    /// <summary>The view's instants; null before the first reading.</summary>
    [Parameter, EditorRequired]
    public SpendPeriod? Period { get; set; }

    private string Typed => _typed.Trim();

    private IReadOnlyList<string> Chosen => View.Filters.FirstOrDefault(filter => filter.Dimension == _dimension)?.Values ?? [];

    private IEnumerable<FilterSuggestion> Matching => (_read == _dimension ? _values ?? [] : [])
        .Where(item => item.Value.Contains(Typed, StringComparison.OrdinalIgnoreCase) && !Chosen.Contains(item.Value, StringComparer.Ordinal))
        .OrderByDescending(item => item.Value == Typed);

    private IEnumerable<FilterSuggestion> Shown => Matching.Take(Most);

    private bool IsNew => Typed.Length > 0 && !Shown.Any(item => item.Value == Typed) && !Chosen.Contains(Typed, StringComparer.Ordinal);

    private string Hint => (_failed, _values, Matching.Count()) switch
    {
        (true, _, _) => "The values in view could not be read. What you write is taken as it is.",
        (_, null, _) => "Reading the values in view…",
        (_, _, 0) when Typed.Length > 0 => $"No other {ViewWords.Of(_dimension)} in view has this in its name.",
        (_, _, 0) => $"No other {ViewWords.Of(_dimension)} is in view.",
        (_, _, > Most and var all) => $"{Most} of {all}, dearest first. Write to find others.",
        (_, _, _) => "Dearest first.",
    };

    /// <inheritdoc />
    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        // Whatever was being looked for has been found, or belongs to another view.
        if (View != _shown)
        {
            (_shown, _values, _typed) = (View, null, "");
        }
    }

    private async Task ReadAsync()
    {
        if (Period is not { } period)
        {
            return;
        }

        var (view, dimension) = (View, _dimension);
        try
        {
            var values = await suggestions.ReadAsync(period, dimension, _closing.Token);
            if (view == View && dimension == _dimension)
            {
                (_values, _read, _failed) = (values, dimension, false);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        catch (System.Data.Common.DbException)
        {
            _failed = true;
        }
    }

    private async Task TakeFirstAsync()
    {
        if ((Shown.FirstOrDefault()?.Value ?? (IsNew ? Typed : null)) is { } value)
        {
            navigation.NavigateTo(AddressOf(value));
            await MenuScript.CloseAsync(js, _menu);
        }
    }

    private string AddressOf(string value) => navigation.WithView(View.Also(_dimension, value));
}
