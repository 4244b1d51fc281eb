using Opsmeter.Core;
using Opsmeter.Core.Pricing;

namespace Opsmeter.Web.Storage;

/// <summary>A request on its way into the ledger: what was received and what pricing found.</summary>
public sealed class LedgerRow
{
    public required PricedRow Row { get; init; }

    public AppliedRates? Rates { get; init; }

    public bool Supersede { get; init; }

    public bool OccurredAtGiven { get; init; }

    /// <summary>When it arrived, where that is not now.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    public string? Metadata { get; init; }

    public string? ProviderResponseId { get; init; }

    /// <summary>The warnings so far, as stored flags.</summary>
    public int Warnings { get; init; }
}
