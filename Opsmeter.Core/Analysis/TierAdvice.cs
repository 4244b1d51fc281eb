using Opsmeter.Core.Budgets;

namespace Opsmeter.Core.Analysis;

/// <summary>A tier for an endpoint that has none, and what speaks for it.</summary>
/// <param name="Tier">The tier.</param>
/// <param name="Why">What speaks for it.</param>
/// <param name="Evidence">The prefix, the word, or nothing.</param>
/// <param name="Count">How many siblings, or requests.</param>
public readonly record struct TierAdvice(Tier Tier, TierAdvice.Reason Why, string Evidence, long Count)
{
    private static readonly (Tier Tier, string[] Words)[] Telling =
    [
        (Tier.Tier3, ["test", "experiment", "experimental", "beta", "alpha", "playground", "sandbox", "demo", "eval", "agent", "agents", "research", "preview", "poc"]),
        (Tier.Tier1, ["checkout", "pay", "payment", "payments", "billing", "invoice", "order", "orders", "purchase", "subscription"]),
    ];

    /// <summary>What an advice goes by.</summary>
    public enum Reason
    {
        /// <summary>All classified endpoints that share its first part are in that tier.</summary>
        Siblings,

        /// <summary>A word of its name says so.</summary>
        Word,

        /// <summary>Nothing says that it earns money or is open to abuse.</summary>
        NothingElse,
    }

    /// <summary>Advises.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="requests">How many requests it had.</param>
    /// <param name="classified">The endpoints that are in a tier, with it.</param>
    public static TierAdvice For(string endpoint, long requests, IEnumerable<(string Endpoint, Tier Tier)> classified)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot)
        {
            var prefix = endpoint[..(dot + 1)];
            var siblings = classified.Where(other => other.Endpoint.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
            if (siblings.Length > 0 && siblings.All(other => other.Tier == siblings[0].Tier))
            {
                return new TierAdvice(siblings[0].Tier, Reason.Siblings, prefix + "*", siblings.Length);
            }
        }

        var words = endpoint.ToLowerInvariant().Split(['.', '_', '-', '/', ':'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var (tier, telling) in Telling)
        {
            if (words.FirstOrDefault(telling.Contains) is { } word)
            {
                return new TierAdvice(tier, Reason.Word, word, 1);
            }
        }

        return new TierAdvice(Tier.Tier2, Reason.NothingElse, "", requests);
    }
}
