using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Storage.Facts;

/// <summary>
/// Reads the requests that are no longer kept row by row from the columns: all that budgets count; of tokens no finer classes
/// than those of <see cref="FactColumn"/>, and no service tier.
/// </summary>
internal static class DroppedRows
{
    private static readonly FactColumn[] Dimensions =
    [
        FactColumn.Scope, FactColumn.Endpoint, FactColumn.Provider, FactColumn.Model, FactColumn.Version, FactColumn.Key, FactColumn.User, FactColumn.Tenant,
    ];

    private static readonly FactColumn[] Measures =
    [
        FactColumn.Requests, FactColumn.Unpriced, FactColumn.Cost, FactColumn.Input, FactColumn.Output, FactColumn.Cached, FactColumn.CacheWrite,
        FactColumn.Reasoning, FactColumn.Seq,
    ];

    /// <summary>Reads them, in no order.</summary>
    /// <param name="store">The columns.</param>
    /// <param name="board">The facts there are.</param>
    /// <param name="textOf">The text of a dimension's value.</param>
    /// <param name="start">Where the ledger begins.</param>
    /// <param name="takenBack">Reads the numbers of those that were replaced or taken back: columns know of a correction only when it came.</param>
    /// <param name="from">Those that occurred before are left out.</param>
    /// <param name="take">Takes each with its number.</param>
    public static void Read(
        FactStore store, FactBoard board, Func<int, string> textOf, LedgerStart start, Func<IReadOnlySet<long>> takenBack, DateTimeOffset from,
        Action<long, PricedRow> take)
    {
        // Most windows begin after all that is gone.
        if (from >= start.OccurredBefore)
        {
            return;
        }

        var notCounted = takenBack();
        var scan = new FactScan
        {
            FromTicks = from.UtcTicks, ToTicks = start.OccurredBefore.UtcTicks, Rows = true, Dimensions = Dimensions, Measures = Measures, WithTime = true,
        };
        store.Scan(board, scan, batch =>
        {
            var seqs = batch.Measure(FactColumn.Seq);
            var times = batch.Measure(FactColumn.Time);
            var signs = batch.Measure(FactColumn.Requests);
            for (var i = 0; i < batch.Count; i++)
            {
                if (signs[i] > 0 && seqs[i] <= start.Seq && times[i] >= from.UtcTicks && !notCounted.Contains(seqs[i]))
                {
                    take(seqs[i], RowAt(batch, i, textOf));
                }
            }
        });
    }

    private static PricedRow RowAt(FactBatch batch, int row, Func<int, string> textOf)
    {
        var scope = Id(FactColumn.Scope);
        var provider = textOf(Id(FactColumn.Provider));
        return new PricedRow(
            new LlmRequest
            {
                // No budget asks for it.
                ExternalRequestId = "",
                OccurredAt = new DateTimeOffset(batch.Measure(FactColumn.Time)[row], TimeSpan.Zero),
                Environment = Fact.EnvironmentOf(scope),
                DataMode = Fact.ModeOf(scope),
                EndpointTag = textOf(Id(FactColumn.Endpoint)),
                Provider = provider,
                Model = textOf(Id(FactColumn.Model)),
                PromptVersion = textOf(Id(FactColumn.Version)),
                ApiKey = Text(FactColumn.Key),
                UserId = Text(FactColumn.User),
                TenantId = Text(FactColumn.Tenant),
                Usage = new TokenUsage(
                    Whole(FactColumn.Input), Whole(FactColumn.Output), Whole(FactColumn.Cached), Whole(FactColumn.CacheWrite), 0, Whole(FactColumn.Reasoning)),
            },
            provider,
            batch.Measure(FactColumn.Unpriced)[row] != 0 ? null : new Usd(Whole(FactColumn.Cost)));

        int Id(FactColumn column) => batch.Values(column)[batch.Codes(column)[row]];

        long Whole(FactColumn column) => batch.Measure(column)[row];

        string? Text(FactColumn column) => Id(column) is var id and not 0 ? textOf(id) : null;
    }
}
