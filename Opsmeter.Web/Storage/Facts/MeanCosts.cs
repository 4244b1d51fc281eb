using System.Collections.Concurrent;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Storage.Facts;

/// <summary>What a request of an endpoint and model cost in the mean of the last seven days; read at most once a minute.</summary>
public sealed class MeanCosts(FactStore store, ValueTexts texts, TimeProvider time)
{
    private static readonly TimeSpan Back = TimeSpan.FromDays(7);

    // Pairs in use are hundreds; a sender that makes names up has the rarest left out.
    private const int MostPairs = 10_000;
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<int, (DateTimeOffset At, Lazy<Task<Dictionary<(int Scope, string Endpoint, string Model), Usd>>> Means)> _kept = new();

    /// <summary>The mean cost, or null where no priced request is known.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="request">The endpoint, model, environment and data mode.</param>
    public async Task<Usd?> OfAsync(int workspaceId, Dimensions request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Model is not { } model)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var (_, means) = _kept.AddOrUpdate(workspaceId, _ => Started(), (_, old) => now - old.At < Keep && !(old.Means is { IsValueCreated: true, Value.IsFaulted: true }) ? old : Started());
        return (await means.Value).TryGetValue((Fact.ScopeOf(request.Environment, request.DataMode), request.EndpointTag, model), out var mean) ? mean : null;

        (DateTimeOffset, Lazy<Task<Dictionary<(int, string, string), Usd>>>) Started() =>
            (now, new Lazy<Task<Dictionary<(int, string, string), Usd>>>(() => LongWork.RunAsync(() => Read(workspaceId, now))));
    }

    private Dictionary<(int Scope, string Endpoint, string Model), Usd> Read(int workspaceId, DateTimeOffset now)
    {
        var sums = new Dictionary<(int Scope, int Endpoint, int Model), (long Nano, long Priced)>();
        store.Scan(
            store[workspaceId],
            new FactScan
            {
                FromTicks = (now - Back).UtcTicks,
                ToTicks = now.UtcTicks + 1,
                Rows = false,
                Dimensions = [FactColumn.Scope, FactColumn.Endpoint, FactColumn.Model],
                Measures = [FactColumn.Requests, FactColumn.Unpriced, FactColumn.Cost],
            },
            batch => Add(batch, sums));
        if (sums.Count > MostPairs)
        {
            sums = sums.OrderByDescending(sum => sum.Value.Priced).Take(MostPairs).ToDictionary();
        }

        var names = texts.Of([.. sums.Keys.SelectMany(key => new[] { key.Endpoint, key.Model }).Distinct()]);
        return sums.Where(sum => sum.Value.Priced > 0).ToDictionary(
            sum => (sum.Key.Scope, names[sum.Key.Endpoint], names[sum.Key.Model]), sum => new Usd(sum.Value.Nano / sum.Value.Priced));
    }

    private static void Add(FactBatch batch, Dictionary<(int Scope, int Endpoint, int Model), (long Nano, long Priced)> sums)
    {
        var (scopes, endpoints, models) = (batch.Values(FactColumn.Scope), batch.Values(FactColumn.Endpoint), batch.Values(FactColumn.Model));
        for (var i = 0; i < batch.Count; i++)
        {
            var place = (scopes[batch.Codes(FactColumn.Scope)[i]], endpoints[batch.Codes(FactColumn.Endpoint)[i]], models[batch.Codes(FactColumn.Model)[i]]);
            var (nano, priced) = sums.GetValueOrDefault(place);
            sums[place] = (
                nano + batch.Measure(FactColumn.Cost)[i],
                priced + batch.Measure(FactColumn.Requests)[i] - batch.Measure(FactColumn.Unpriced)[i]);
        }
    }
}
