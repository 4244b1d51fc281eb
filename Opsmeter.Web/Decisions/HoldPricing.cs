using Opsmeter.Core;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Decisions;

/// <summary>Says what a call that is about to be made may cost.</summary>
public sealed class HoldPricing(MeanCosts means)
{
    /// <summary>
    /// The caller's estimate at the model's price where it gives both numbers; else the mean of its endpoint and model, at
    /// least what it said. Null for a model without a price, and where nothing is known.
    /// </summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="query">The ask.</param>
    /// <param name="provider">The provider as it was sent, or null.</param>
    /// <param name="now">The server's clock.</param>
    public async ValueTask<(Usd Amount, HoldBasis Basis)?> OfAsync(int workspaceId, DecisionQuery query, string? provider, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (CostOf(query, provider, now) is not { } said)
        {
            return null;
        }

        if (query is { EstimatedInputTokens: not null, MaxOutputTokens: not null })
        {
            return (said, HoldBasis.Estimate);
        }

        return await means.OfAsync(workspaceId, query.Dimensions) is { } mean ? (Usd.Max(mean, said), HoldBasis.Mean)
            : said > Usd.Zero ? (said, HoldBasis.Estimate) : null;
    }

    private static Usd? CostOf(DecisionQuery query, string? provider, DateTimeOffset now) => query.Dimensions.Model is not { } model
        ? null
        : PriceBook.BuiltIn.Price(new LlmRequest
        {
            ExternalRequestId = "",
            Provider = provider ?? query.Dimensions.Provider ?? "",
            Model = model,
            EndpointTag = query.Dimensions.EndpointTag,
            PromptVersion = "",
            Usage = new TokenUsage(query.EstimatedInputTokens ?? 0, query.MaxOutputTokens ?? 0),
            OccurredAt = now,
        }).Cost;
}
