using Microsoft.AspNetCore.Components;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Charts;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Spend;

/// <summary>A page that breaks spend down by the values of a dimension.</summary>
public abstract class BreakdownPage : SpendPage
{
    /// <summary>What was read; null before.</summary>
    protected ValueBreakdown? Data { get; private set; }

    /// <summary>The worst budget of each value that one singles out.</summary>
    protected IReadOnlyDictionary<string, BudgetStateItem> Budgets { get; private set; } = new Dictionary<string, BudgetStateItem>();

    [Inject]
    protected ValuePolicies Policies { get; set; } = default!;

    [Inject]
    private ValueBreakdowns Breakdowns { get; set; } = default!;

    /// <summary>What the page breaks spend down by.</summary>
    protected abstract Dimension By { get; }

    /// <summary>The page's address without its query.</summary>
    protected abstract string Address { get; }

    /// <summary>What its values are called.</summary>
    protected DimensionWords Words => DimensionWords.Of(By);

    /// <summary>The order in force.</summary>
    protected ValueOrder Order => ValueOrder.Parse(Asked("sort"));

    /// <summary>The text searched for, or null.</summary>
    protected string? Search => Asked("q") is { Length: > 0 } text ? text : null;

    /// <summary>How the columns are made.</summary>
    protected string Subtitle => Data is null ? "" : $"{ChartColumns.Words(Data.Period.Range.Size)}, {(Zone ?? TimeZoneInfo.Utc).Id}";

    /// <summary>True where the view shows only some values.</summary>
    protected bool IsFiltered => View.Filters.Any(filter => filter.Dimension == By);

    /// <summary>What the page's address says besides view, order and search.</summary>
    protected virtual (string Name, string? Value)[] Own => [];

    /// <inheritdoc />
    protected override void Clear()
    {
        // Another order or search is not another view.
        if (Data is null || Data.View != View || Data.Dimension != By)
        {
            Data = Breakdowns.Recent(Visitor.WorkspaceId, View, By);
            ReadBudgets();
        }
    }

    /// <inheritdoc />
    protected override async Task ReadAsync(SpendPeriod period, CancellationToken cancellation)
    {
        var data = await Breakdowns.ReadAsync(period, By, Data, cancellation);
        cancellation.ThrowIfCancellationRequested();
        Data = data;
        ReadBudgets();
    }

    /// <summary>The page of one value.</summary>
    protected virtual string DetailLink(string value) => $"{Address}/one{View.With(By, value).ToQuery()}";

    /// <summary>This page with a filter by a value, which takes the place of what was searched for.</summary>
    protected string FilterLink(string value) => Address + View.With(By, value).ToQuery([.. Own, ("sort", Order.ToText())]);

    /// <summary>Filters by a value.</summary>
    protected void Filter(string value) => Navigation.NavigateTo(FilterLink(value));

    /// <summary>Looks at one column alone.</summary>
    protected void Zoom(TimeWindow column) => Go(View.In(column), Rest(Order));

    /// <summary>Sorts.</summary>
    protected void Sort(ValueOrder order) => Go(View, Rest(order));

    /// <summary>Searches; a step back leaves the page, not a letter.</summary>
    protected void Find(string? text) => Navigation.NavigateTo(
        Navigation.ToAbsoluteUri(Navigation.Uri).GetLeftPart(UriPartial.Path) + View.ToQuery([.. Own, ("sort", Order.ToText()), ("q", text)]),
        replace: true);

    private (string Name, string? Value)[] Rest(ValueOrder order) => [.. Own, ("sort", order.ToText()), ("q", Search)];

    private void ReadBudgets()
    {
        if (Data is not null)
        {
            Budgets = Policies.WorstOf(Visitor.WorkspaceId, By, Data.Lines.Where(line => line.IsSingle).Select(line => line.Value!));
        }
    }
}
