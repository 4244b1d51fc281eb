using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Budgets;

/// <summary>
/// What the policy check has to know of recent requests. Give it all of a span in order of (occurred, sequence), those
/// included that no budget counts. Not thread-safe.
/// </summary>
public sealed class LintScan
{
    /// <summary>How long ago requests are too old to say that a budget matches something.</summary>
    public static readonly TimeSpan Lately = TimeSpan.FromHours(24);

    // Later than that, and it was brought in from elsewhere: no caller waits a day to report.
    private static readonly TimeSpan Import = TimeSpan.FromDays(1);

    private readonly WorkspacePolicy _policy;
    private readonly TimeWindow _span;
    private readonly Part[] _parts;
    private readonly Dictionary<string, Usd> _endpoints = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Usd> _unclassified = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Usd> _uncovered = new(StringComparer.Ordinal);

    /// <summary>Starts one.</summary>
    /// <param name="policy">The policy that is checked.</param>
    /// <param name="span">The span that the requests are of; its end is the server's now.</param>
    public LintScan(WorkspacePolicy policy, TimeWindow span)
    {
        ArgumentNullException.ThrowIfNull(policy);
        (_policy, _span) = (policy, span);
        _parts = [.. policy.Budgets.Where(budget => budget.Enabled).Select(budget => new Part(budget))];
    }

    /// <summary>The requests of production that are real.</summary>
    public long Requests { get; private set; }

    /// <summary>Those of them without a price.</summary>
    public long Unpriced { get; private set; }

    /// <summary>What they cost.</summary>
    public Usd Spend { get; private set; }

    /// <summary>True when some request is of the last 24 hours, and the span reaches at least as far back.</summary>
    public bool TellsLately { get; private set; }

    /// <summary>What each endpoint cost.</summary>
    public IReadOnlyDictionary<string, Usd> Endpoints => _endpoints;

    /// <summary>What endpoints without a tier cost.</summary>
    public IReadOnlyDictionary<string, Usd> Unclassified => _unclassified;

    /// <summary>What no budget counted, by endpoint.</summary>
    public IReadOnlyDictionary<string, Usd> Uncovered => _uncovered;

    /// <summary>Takes the next request.</summary>
    /// <param name="row">The request.</param>
    /// <param name="received">When it arrived.</param>
    public void Take(PricedRow row, DateTimeOffset received)
    {
        ArgumentNullException.ThrowIfNull(row);
        var request = row.Request;
        var dimensions = Dimensions.Of(request, row.Provider, _policy.Settings.TenantFrom);
        var cost = row.Cost ?? Usd.Zero;
        var isLate = received - request.OccurredAt;
        var lately = request.OccurredAt > _span.End - Lately;
        TellsLately |= lately && _span.End - _span.Start >= Lately;
        var covered = false;
        foreach (var part in _parts)
        {
            if (part.Budget.Matches(dimensions))
            {
                var counts = part.Budget.TryGetKey(dimensions, out var key);
                covered |= counts;
                part.Take(row, cost, counts && key != Budget.UnkeyedKey, lately, isLate < Import ? isLate : null);
            }
        }

        if (request.Environment != DeploymentEnvironment.Prod || request.DataMode != DataMode.Real)
        {
            return;
        }

        Requests++;
        Unpriced += row.Cost is null ? 1 : 0;
        Spend += cost;
        Add(_endpoints, request.EndpointTag, cost);
        Add(_uncovered, request.EndpointTag, covered ? Usd.Zero : cost);
        _policy.Tiers.For(request.EndpointTag, out var classified);
        Add(_unclassified, request.EndpointTag, classified ? Usd.Zero : cost);
    }

    /// <summary>What a budget matched; null where it is not enabled.</summary>
    internal Part? Of(string budgetId) => Array.Find(_parts, part => part.Budget.Id == budgetId);

    private static void Add(Dictionary<string, Usd> sums, string endpoint, Usd cost)
    {
        if (cost > Usd.Zero)
        {
            sums[endpoint] = sums.GetValueOrDefault(endpoint) + cost;
        }
    }

    /// <summary>What one budget matched.</summary>
    internal sealed class Part(Budget budget)
    {
        private readonly WindowCalendar _calendar = new(budget.Window);
        private TimeWindow _window;

        public Budget Budget { get; } = budget;

        public HashSet<string> Endpoints { get; } = new(StringComparer.Ordinal);

        public LogScale Costs { get; } = new();

        public LogScale DelaySeconds { get; } = new();

        public Usd Spend { get; private set; }

        /// <summary>What of it has the dimension that the budget counts by.</summary>
        public Usd KeyedSpend { get; private set; }

        /// <summary>What of it did not come by import, and what of that arrived after its window's end.</summary>
        public (Usd All, Usd AfterWindow) Arrived { get; private set; }

        public bool MatchesLately { get; private set; }

        public void Take(PricedRow row, Usd cost, bool isKeyed, bool lately, TimeSpan? delay)
        {
            Endpoints.Add(row.Request.EndpointTag);
            Spend += cost;
            KeyedSpend += isKeyed ? cost : Usd.Zero;
            MatchesLately |= lately;
            if (row.Cost is not null)
            {
                Costs.Add(cost.Nano);
            }

            if (delay is { } late)
            {
                DelaySeconds.Add((long)late.TotalSeconds);
                if (!_window.Contains(row.Request.OccurredAt))
                {
                    _window = _calendar.WindowAt(row.Request.OccurredAt);
                }

                var isAfter = !_window.IsTotal && row.Request.OccurredAt + late >= _window.End;
                Arrived = (Arrived.All + cost, Arrived.AfterWindow + (isAfter ? cost : Usd.Zero));
            }
        }
    }
}
