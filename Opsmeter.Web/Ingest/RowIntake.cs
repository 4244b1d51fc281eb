using Opsmeter.Core;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Ingest;

/// <summary>Prices one row for a caller: everything that needs neither the ledger nor the writer's thread.</summary>
internal static class RowIntake
{
    private static readonly Usd MostCost = new(1_000_000 * Usd.NanoPerDollar);

    /// <summary>Prices a row.</summary>
    /// <param name="incoming">The row as it was read.</param>
    /// <param name="caller">Whose key it came with.</param>
    /// <param name="refusal">What is wrong with it, when it is refused.</param>
    /// <returns>The row for the ledger, or null.</returns>
    public static LedgerRow? Price(IncomingRow incoming, Caller caller, out RowRefusal? refusal)
    {
        refusal = null;
        var request = incoming.Request with { ApiKey = caller.KeyPrefix };
        if (caller.PinnedEnvironment is { } pinned)
        {
            if (incoming.EnvironmentGiven && request.Environment != pinned)
            {
                refusal = new RowRefusal("environment", $"This key writes {Name(pinned)} rows only.", IsForbidden: true);
                return null;
            }

            request = request with { Environment = pinned };
        }

        var priced = PriceBook.BuiltIn.Price(request);
        if (priced.Cost > MostCost)
        {
            refusal = new RowRefusal("inputTokens", "The request would cost more than $1,000,000.", IsForbidden: false);
            return null;
        }

        return new LedgerRow
        {
            Row = new PricedRow(request, priced.Provider, priced.Cost),
            Rates = priced.Rates,
            Supersede = incoming.Supersede,
            OccurredAtGiven = incoming.OccurredAtGiven,
            Metadata = incoming.Metadata,
            ProviderResponseId = incoming.ProviderResponseId,
            Warnings = (int)(incoming.Warnings | WarningsOf(priced)),
        };
    }

    /// <summary>The warnings of a row, with what the ledger found, as the API spells them.</summary>
    public static IReadOnlyList<string> WarningsOf(LedgerRow row, LedgerAnswer answer) =>
        RowWarningCodes.Of((RowWarnings)row.Warnings | answer.Outcome switch
        {
            LedgerOutcome.Conflict => RowWarnings.ConflictingId,
            LedgerOutcome.Superseded => RowWarnings.Superseded,
            LedgerOutcome.Stored or LedgerOutcome.Duplicate or LedgerOutcome.Overflow => RowWarnings.None,
        });

    private static RowWarnings WarningsOf(PricedRequest priced) =>
        (priced.Cost is null ? RowWarnings.UnpricedModel : RowWarnings.None)
        | (priced.ProviderInferred ? RowWarnings.ProviderInferred : RowWarnings.None)
        | (priced.ReportedCostUsed ? RowWarnings.ReportedCostUsed : RowWarnings.None);

    private static string Name(DeploymentEnvironment environment) => environment switch
    {
        DeploymentEnvironment.Prod => "prod",
        DeploymentEnvironment.Staging => "staging",
        DeploymentEnvironment.Dev => "dev",
    };
}
