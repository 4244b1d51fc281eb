using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>Starts a budget from what someone was looking at: its conditions, and a limit from the usual level.</summary>
public sealed class ControlStart(DimensionUses uses)
{
    private const decimal AboveUsual = 1.5m;

    /// <summary>The editor's address for a value.</summary>
    /// <param name="dimension">What it is about.</param>
    /// <param name="value">Which one.</param>
    /// <param name="endpoint">The endpoint that is looked at, or null.</param>
    public static string Address(Dimension dimension, string value, string? endpoint) =>
        $"budgets/new?dimension={dimension}&value={Uri.EscapeDataString(value)}" + (endpoint is null ? "" : $"&endpoint={Uri.EscapeDataString(endpoint)}");

    /// <summary>
    /// Puts into a new draft what the address asks for. Of a user, tenant or key it makes a budget of each of them, since the
    /// next to run away is another one; a day's limit is one and a half times the usual day of the dearest that is not it.
    /// </summary>
    public async Task FillAsync(int workspaceId, BudgetDraft draft, string dimension, string value)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (!Enum.TryParse<Dimension>(dimension, ignoreCase: true, out var about) || !Enum.IsDefined(about) || string.IsNullOrWhiteSpace(value))
        {
            return;
        }

        var use = await uses.ReadAsync(workspaceId, about, DeploymentEnvironment.Prod, DataMode.Real);
        var isEach = about is Dimension.UserId or Dimension.TenantId or Dimension.ApiKey;
        var known = isEach
            ? use.Values.Where(other => other.Value != value).Select(other => other.Spend.Dollars).FirstOrDefault()
            : use.Values.Where(other => other.Value == value).Select(other => other.Spend.Dollars).FirstOrDefault();
        draft.Window.Kind = WindowKind.Day;
        draft.LimitUsd = known > 0 ? Rounded(known / use.Days * AboveUsual) : null;
        if (isEach)
        {
            (draft.Per, draft.Cap, draft.Name) = (about, Cap.Hard, $"Each {DraftWords.Name(about)}, per day");
        }
        else
        {
            draft.Conditions.Add(new ConditionDraft { Dimension = about, Values = [value] });
            draft.Name = value;
        }
    }

    /// <summary>Makes of a copy of a budget that counts by keys one that counts the same traffic together, degrading nobody.</summary>
    /// <remarks>Its limit is one and a half times the usual of such a window, where that is known: without other conditions.</remarks>
    public async Task FillTotalAsync(int workspaceId, BudgetDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        draft.Name = $"{draft.Name}, together";
        (draft.Per, draft.Overrides, draft.UnkeyedLimitUsd, draft.Cap) = (null, [], null, Cap.Soft);
        (draft.LimitUsd, draft.LimitRequests, draft.LimitTokens) = (draft.Conditions.Count == 0 ? await UsualAsync(workspaceId, draft.Window.Kind) : null, null, null);
    }

    /// <summary>Makes a new draft count everything, a month at a time, telling its owner alone.</summary>
    public async Task FillAllAsync(int workspaceId, BudgetDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        (draft.Name, draft.Cap, draft.Window.Kind) = ("Whole workspace", Cap.Soft, WindowKind.Month);
        draft.LimitUsd = await UsualAsync(workspaceId, WindowKind.Month);
    }

    /// <summary>One and a half times what a window usually costs, all traffic of production together; null where nothing is known.</summary>
    private async Task<decimal?> UsualAsync(int workspaceId, WindowKind? kind)
    {
        var use = await uses.ReadAsync(workspaceId, Dimension.EndpointTag, DeploymentEnvironment.Prod, DataMode.Real);
        var days = kind switch
        {
            WindowKind.Hour => 1 / 24m,
            WindowKind.Day => 1,
            WindowKind.Week => 7,
            WindowKind.Month => 30,
            WindowKind.Quarter => 91,
            WindowKind.Year => 365,
            WindowKind.Total or null => (decimal?)null,
        };
        return use.Spend > Usd.Zero && days is { } length ? Rounded(use.Spend.Dollars / use.Days * length * AboveUsual) : null;
    }

    /// <summary>Two digits, so that nobody takes it for an exact figure.</summary>
    private static decimal Rounded(decimal dollars)
    {
        var unit = 0.01m;
        while (dollars / unit >= 100)
        {
            unit *= 10;
        }

        return Math.Max(0.01m, Math.Round(dollars / unit) * unit);
    }
}
