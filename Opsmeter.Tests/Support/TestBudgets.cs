using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;

namespace Opsmeter.Tests.Support;

/// <summary>Budgets with every default of the policy; a test says what differs with <c>with</c>.</summary>
public static class TestBudgets
{
    public static Budget Hourly(decimal usd) => Of(WindowKind.Hour, usd);

    public static Budget Daily(decimal usd) => Of(WindowKind.Day, usd);

    public static Budget Monthly(decimal usd) => Of(WindowKind.Month, usd);

    public static Budget Total(decimal usd) => Of(WindowKind.Total, usd);

    public static Budget Of(WindowKind kind, decimal usd) => new()
    {
        Id = "bud_1",
        Name = "Test",
        Limits = new Limits(Usd.FromDollars(usd), null, null),
        Window = new WindowSpec { Kind = kind },
        Confirmation = Confirmation.DefaultFor(kind),
    };

    public static Budget Named(this Budget budget, string name) => budget with { Id = "bud_" + name, Name = name };

    public static Budget Immediate(this Budget budget) =>
        budget with { Confirmation = budget.Confirmation with { Mode = ConfirmationMode.Immediate } };
}
