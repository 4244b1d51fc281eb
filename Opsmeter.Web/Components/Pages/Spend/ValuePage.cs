using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Spend;

/// <summary>The page of one endpoint, user or tenant: the one that its address filters by.</summary>
public abstract class ValuePage : SpendPage
{
    /// <summary>What was read; null before.</summary>
    protected ValueDetail? Data { get; private set; }

    /// <summary>The budgets that count it, worst first; null before they are read.</summary>
    protected IReadOnlyList<ValueBudget>? Budgets { get; private set; }

    [Inject]
    protected ValuePolicies Policies { get; set; } = default!;

    [Inject]
    private ValueDetails Details { get; set; } = default!;

    /// <summary>What the page is about one of.</summary>
    protected abstract Dimension Of { get; }

    /// <summary>What it is broken down by; the first is the usual stack.</summary>
    protected abstract IReadOnlyList<Dimension> Parts { get; }

    /// <summary>What its columns can be stacked by.</summary>
    protected abstract IReadOnlyList<Choice<Dimension>> Stacks { get; }

    /// <summary>What the address says besides view and stack.</summary>
    protected virtual (string Name, string? Value)[] Own => [];

    /// <summary>The value; null where the address names none.</summary>
    protected string? Value => View.Filters.FirstOrDefault(filter => filter.Dimension == Of)?.Values[0];

    /// <summary>What its columns are stacked by.</summary>
    protected Dimension StackBy =>
        Enum.TryParse<Dimension>(Asked("by"), ignoreCase: true, out var by) && Stacks.Any(choice => choice.Value == by) ? by : Stacks[0].Value;

    /// <inheritdoc />
    protected override void Clear()
    {
        Data = Value is null ? null : Details.Recent(Visitor.WorkspaceId, View, StackBy);
        ReadBudgets();
    }

    /// <inheritdoc />
    protected override async Task ReadAsync(SpendPeriod period, CancellationToken cancellation)
    {
        if (Value is null)
        {
            return;
        }

        var data = await Details.ReadAsync(period, StackBy, Parts, Data, cancellation);
        cancellation.ThrowIfCancellationRequested();
        Data = data;
        ReadBudgets();
    }

    /// <summary>Stacks the columns by another dimension.</summary>
    protected void ChooseStack(Dimension by) => Go(View, Rest(by));

    /// <summary>Adds a filter by a value of what is stacked.</summary>
    protected void Filter(string value) => Go(View.With(StackBy, value), Rest(StackBy));

    /// <summary>Looks at one column alone.</summary>
    protected void Zoom(TimeWindow column) => Go(View.In(column), Rest(StackBy));

    /// <summary>The query of this page with a further filter.</summary>
    protected string QueryWith(Dimension dimension, string value) => View.With(dimension, value).ToQuery(Rest(StackBy));

    private (string Name, string? Value)[] Rest(Dimension by) =>
        [.. Own, ("by", by == Stacks[0].Value ? null : JsonNamingPolicy.CamelCase.ConvertName(by.ToString()))];

    private void ReadBudgets() => Budgets = Value is { } value ? Policies.Counting(Visitor.WorkspaceId, Of, value) : null;
}
