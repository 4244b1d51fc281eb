using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Storage;

/// <summary>What is counted of an endpoint that no budget is about: its production requests.</summary>
public static class SignalBudgets
{
    /// <summary>A budget that is nowhere kept.</summary>
    /// <param name="endpoint">The endpoint; null for all.</param>
    /// <param name="per">What it counts by; null for all together.</param>
    public static Budget Of(string? endpoint, Dimension? per = null) => new()
    {
        Id = "",
        Name = endpoint ?? "All traffic",
        Conditions = endpoint is null ? [] : [new Condition(Dimension.EndpointTag, [endpoint])],
        Per = per,
        Limits = default,
        Confirmation = Confirmation.DefaultFor(WindowKind.Day),
        Window = new WindowSpec { Kind = WindowKind.Day },
    };
}
