using Microsoft.AspNetCore.Components;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Spend;

/// <summary>
/// The values of a dimension with what they cost: sortable, searchable, and drawn only where one looks, so that twenty
/// thousand users scroll like twenty.
/// </summary>
public sealed partial class SpendTable
{
    // Up to here all rows are drawn, and the page scrolls; beyond, the table scrolls by itself.
    private const int MostPlain = 60;

    private readonly object _unknown = new();
    private List<(int Index, ValueLine Line)> _rows = [];
    private (object Data, ValueOrder Order, string Text)? _shown;
    private string _text = "";
    private string? _search;

    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public ValueBreakdown Data { get; set; } = default!;

    /// <summary>The order in force.</summary>
    [Parameter, EditorRequired]
    public ValueOrder Order { get; set; } = ValueOrder.Usual;

    /// <summary>Called with the order that is wanted.</summary>
    [Parameter]
    public EventCallback<ValueOrder> OrderChanged { get; set; }

    /// <summary>The text in the names of what is shown; null for all.</summary>
    [Parameter]
    public string? Search { get; set; }

    /// <summary>Called with another text once it is written, or null. What is shown follows every letter.</summary>
    [Parameter]
    public EventCallback<string?> SearchChanged { get; set; }

    /// <summary>The page with a filter by a value.</summary>
    [Parameter, EditorRequired]
    public Func<string, string> FilterLink { get; set; } = default!;

    /// <summary>A value's own page.</summary>
    [Parameter, EditorRequired]
    public Func<string, string> DetailLink { get; set; } = default!;

    /// <summary>An endpoint's tier; null where the values are no endpoints.</summary>
    [Parameter]
    public Func<string, EndpointStanding>? TierOf { get; set; }

    /// <summary>The worst budget of each value that one singles out.</summary>
    [Parameter]
    public IReadOnlyDictionary<string, BudgetStateItem> Budgets { get; set; } = new Dictionary<string, BudgetStateItem>();

    private DimensionWords Words => DimensionWords.Of(Data.Dimension);

    private bool HasTiers => TierOf is not null;

    private bool IsLong => _rows.Count > MostPlain;

    // What has no name is a row, but no user.
    private string Said
    {
        get
        {
            var (shown, all) = (_rows.Count(row => row.Line.IsSingle), Data.Lines.Count(line => line.IsSingle));
            return shown == all ? $"{Count.Format(all)} {(all == 1 ? Words.One : Words.Many)}" : $"{Count.Format(shown)} of {Count.Format(all)} {Words.Many}";
        }
    }

    private string ExportLink => "export/values" + Data.View.In(Data.Period.Range.Window).ToQuery(
        ("by", Data.Dimension.ToString()), ("sort", Order.ToText()), ("q", string.IsNullOrWhiteSpace(_text) ? null : _text.Trim()));

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        // What is being typed is ahead of the address; an address that changed is ahead of what was typed.
        if (_search != Search)
        {
            (_search, _text) = (Search, Search ?? "");
        }

        Arrange();
    }

    private static string LinkOf(ValueLine line, Func<string, string> link) => line.IsSingle ? link(line.Value!) : "";

    private void Arrange()
    {
        var wanted = ((object)Data, Order, _text);
        if (_shown != wanted)
        {
            _shown = wanted;
            _rows = [.. Order.Sort(Data.Lines.Where(line => line.Has(_text))).Select((line, index) => (index + 2, line))];
        }
    }

    private void Type(ChangeEventArgs typed)
    {
        _text = $"{typed.Value}";
        Arrange();
    }

    private Task SearchedAsync() => TellAsync(string.IsNullOrWhiteSpace(_text) ? null : _text.Trim());

    private Task ClearAsync()
    {
        _text = "";
        Arrange();
        return TellAsync(null);
    }

    // The address follows; until it is back as a parameter, what was typed stands.
    private Task TellAsync(string? text)
    {
        _search = text;
        return SearchChanged.InvokeAsync(text);
    }
}
