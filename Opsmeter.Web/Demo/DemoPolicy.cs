using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Demo;

/// <summary>
/// The budgets and tiers of the demo. Limits are rounded from what the month has spent, so that whatever the day some
/// budgets are fine, one is at its warning, and the runaway's has room to run.
/// </summary>
public sealed class DemoPolicy
{
    /// <summary>The budget that the live traffic drives past its limit.</summary>
    public const string RunawayBudgetId = "bud_demo_agents";

    private static readonly DegradedMode Smaller = new() { Model = "gpt-5-mini", MaxOutputTokens = 512, DisableTools = true };

    private DemoPolicy(IReadOnlyList<Budget> budgets) => Budgets = budgets;

    /// <summary>The budgets.</summary>
    public IReadOnlyList<Budget> Budgets { get; }

    /// <summary>The tiers; every endpoint is in one.</summary>
    public static IReadOnlyList<TierEntry> Tiers { get; } =
    [
        Entry("chat.reply", Tier.Tier1),
        Entry("billing.*", Tier.Tier1),
        Entry("moderation.check", Tier.Tier1),
        Entry("support.draft", Tier.Tier2),
        Entry("search.*", Tier.Tier2),
        Entry("summarise.*", Tier.Tier2) with { DegradedMode = new() { Model = "gemini-2.5-flash", MaxOutputTokens = 400 } },
        Entry("extract.*", Tier.Tier2),
        Entry("classify.*", Tier.Tier2),
        Entry("translate.*", Tier.Tier2),
        Entry("onboarding.*", Tier.Tier2),
        Entry("agents.*", Tier.Tier3) with
        {
            DegradedMode = Smaller, BlockMessage = "Research is paused until {resetsAt}. Please try again then.",
        },
    ];

    /// <summary>The demo's policy for a month of traffic.</summary>
    /// <param name="month">The month's requests with their prices.</param>
    /// <param name="now">The month's end.</param>
    /// <param name="timeZone">The IANA zone of the budgets' windows.</param>
    public static DemoPolicy For(IEnumerable<PricedRow> month, DateTimeOffset now, string timeZone)
    {
        var drafts = Drafts(timeZone);
        var meters = drafts.Select(draft => new DemoMeter(draft.Budget, now)).ToList();
        foreach (var row in month)
        {
            var dimensions = Dimensions.Of(row.Request, row.Provider, TenantSource.TenantId);
            meters.ForEach(meter => meter.Count(dimensions, row));
        }

        return new DemoPolicy([.. drafts.Zip(meters, (draft, meter) => Sized(draft, meter.Highest))]);
    }

    /// <summary>The budgets, each with the use that it should show; where that would leave too small a limit, its own stays.</summary>
    private static List<(Budget Budget, decimal Use)> Drafts(string timeZone) =>
    [
        (Draft("agents", "Agents research", 40m, WindowKind.Day, timeZone) with
        {
            Cap = Cap.Hard, Conditions = [new Condition(Dimension.EndpointTag, ["agents.*"])], DegradedMode = Smaller,
            BlockMessage = "Research is paused until {resetsAt}. Please try again then.",
        }, 0.55m),
        (Draft("summarise", "Summarise", 40m, WindowKind.Month, timeZone) with
        {
            Cap = Cap.ByTier, Conditions = [new Condition(Dimension.EndpointTag, ["summarise.*"])],
        }, 0.87m),
        (Draft("tenants", "Each tenant, per day", 8m, WindowKind.Day, timeZone) with
        {
            Cap = Cap.Degrade, Per = Dimension.TenantId, DegradedMode = new() { MaxOutputTokens = 800 },
            DegradeAt = DegradeAt.OverPlan,
        }, 0.88m),
        (Draft("chat", "Chat reply", 400m, WindowKind.Month, timeZone) with
        {
            Cap = Cap.Soft, Conditions = [new Condition(Dimension.EndpointTag, ["chat.reply"])],
        }, 0.48m),
        (Draft("extract", "Extract invoices", 11m, WindowKind.Day, timeZone) with
        {
            Cap = Cap.Soft, Conditions = [new Condition(Dimension.EndpointTag, ["extract.*"])],
        }, 0m),
        (Draft("workspace", "Whole workspace", 2_000m, WindowKind.Month, timeZone) with { Cap = Cap.Soft }, 0.66m),
        (Draft("guardrail", "Guardrail checks", 0m, WindowKind.Day, timeZone) with
        {
            Cap = Cap.Soft, Conditions = [new Condition(Dimension.EndpointTag, ["billing.*"])],
            Limits = new Limits(null, 4_000, null),
        }, 0m),
    ];

    private static Budget Draft(string id, string name, decimal leastUsd, WindowKind kind, string timeZone) => new()
    {
        Id = "bud_demo_" + id,
        Name = name,
        Limits = new Limits(Usd.FromDollars(leastUsd), null, null),
        Window = new WindowSpec { Kind = kind, TimeZone = timeZone },
        Confirmation = Confirmation.DefaultFor(kind),
    };

    private static Budget Sized((Budget Budget, decimal Use) draft, Usd spent)
    {
        if (draft.Use == 0 || draft.Budget.Limits.Usd is not { } least)
        {
            return draft.Budget;
        }

        var limit = Math.Max(least.Dollars, Rounded(spent.Dollars / draft.Use));
        return draft.Budget with { Limits = draft.Budget.Limits with { Usd = Usd.FromDollars(limit) } };
    }

    /// <summary>Two digits, as a person would set a limit.</summary>
    private static decimal Rounded(decimal dollars)
    {
        var unit = 1m;
        while (dollars / unit >= 100)
        {
            unit *= 10;
        }

        return Math.Round(dollars / unit) * unit;
    }

    private static TierEntry Entry(string pattern, Tier tier) => new() { Pattern = new Pattern(pattern), Tier = tier };
}
