using System.Text.Json;
using Opsmeter.Core;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Ingest;

/// <summary>Reads and prices one row for a caller: everything that needs neither the ledger nor the writer's thread.</summary>
internal static class RowIntake
{
    private static readonly Usd MostCost = new(1_000_000 * Usd.NanoPerDollar);

    /// <summary>Reads a row.</summary>
    /// <param name="element">The row.</param>
    /// <param name="caller">Whose key it came with.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="limits">What ingest takes.</param>
    /// <param name="errors">Receives what is wrong.</param>
    /// <param name="wrongEnvironment">True when the key is pinned to another environment.</param>
    public static LedgerRow? Read(
        JsonElement element, Caller caller, DateTimeOffset now, IngestLimits limits, FieldErrors errors, out bool wrongEnvironment)
    {
        wrongEnvironment = false;
        if (RequestReader.Read(element, now, limits.RawRetention, errors) is not { } incoming)
        {
            return null;
        }

        var request = incoming.Request with { ApiKey = caller.KeyPrefix };
        if (caller.PinnedEnvironment is { } pinned)
        {
            wrongEnvironment = incoming.EnvironmentGiven && request.Environment != pinned;
            if (wrongEnvironment)
            {
                errors.Add("environment", $"This key writes {Name(pinned)} rows only.");
                return null;
            }

            request = request with { Environment = pinned };
        }

        var priced = PriceBook.BuiltIn.Price(request);
        if (priced.Cost > MostCost)
        {
            errors.Add("inputTokens", "The request would cost more than $1,000,000.");
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

    /// <summary>The warnings of a row, with what the ledger found.</summary>
    public static RowWarnings WarningsOf(LedgerRow row, LedgerAnswer answer) => (RowWarnings)row.Warnings | answer.Outcome switch
    {
        LedgerOutcome.Conflict => RowWarnings.ConflictingId,
        LedgerOutcome.Superseded => RowWarnings.Superseded,
        LedgerOutcome.Stored or LedgerOutcome.Duplicate or LedgerOutcome.Overflow => RowWarnings.None,
    };

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
