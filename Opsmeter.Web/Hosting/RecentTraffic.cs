using Opsmeter.Core;
using Opsmeter.Core.Alerts;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Hosting;

/// <summary>What a workspace's endpoints and budgets spent lately, minute by minute, and what is expected of them. One thread owns it.</summary>
internal sealed class RecentTraffic(int workspaceId, LedgerHistory history)
{
    private const int MostEndpoints = 500;
    private const int MostKeys = 500;
    private const int MostAtOnce = 100_000;
    private const int MostToBeginWith = 1_000_000;
    private static readonly Dimension Endpoint = Dimension.EndpointTag;

    private readonly Dictionary<string, SpendRing> _endpoints = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Budget Budget, SpendRing Ring)> _budgets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Budget Budget, Dictionary<string, SpendRing> Rings)> _perKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ExpectedSpend?> _expected = new(StringComparer.Ordinal);
    private DateTimeOffset _learnt;
    private long? _after;

    /// <summary>All production requests with real data.</summary>
    public SpendRing All { get; private set; } = new(SurgeRules.Minutes);

    /// <summary>Those without a price.</summary>
    public SpendRing Unpriced { get; private set; } = new(SurgeRules.Minutes);

    /// <summary>The endpoints that have spent something.</summary>
    public IEnumerable<(string Endpoint, SpendRing Ring, ExpectedSpend Expected)> Endpoints =>
        _endpoints.Where(each => ExpectedOf(each.Key) is not null).Select(each => (each.Key, each.Value, ExpectedOf(each.Key)!));

    /// <summary>The budgets with a USD limit that count together.</summary>
    public IEnumerable<(Budget Budget, SpendRing Ring, ExpectedSpend Expected)> Budgets =>
        _budgets.Values.Where(each => ExpectedOf("\n" + each.Budget.Id) is not null).Select(each => (each.Budget, each.Ring, ExpectedOf("\n" + each.Budget.Id)!));

    /// <summary>The keys of budgets with a USD limit that count by one: those that came first, at most 500 of each budget.</summary>
    public IEnumerable<(Budget Budget, string Key, SpendRing Ring, ExpectedSpend Expected)> Keys =>
        from budget in _perKey.Values from ring in budget.Rings let expected = ExpectedOf(KeyOf(budget.Budget.Id, ring.Key)) where expected is not null
        select (budget.Budget, ring.Key, ring.Value, expected);

    /// <summary>What is expected of all; null while too little is known.</summary>
    public ExpectedSpend? ExpectedOfAll => ExpectedOf("\n");

    /// <summary>Reads what was stored since, and learns once an hour.</summary>
    public void Read(WorkspacePolicy policy, DateTimeOffset now)
    {
        var wanted = policy.Budgets.Where(budget => budget is { Enabled: true, Limits.Usd: not null } && FastBurnRules.Of(budget.Window.Kind).Count > 0).ToArray();
        if (_after is null || !wanted.Select(budget => budget.Id).ToHashSet(StringComparer.Ordinal).SetEquals(_budgets.Keys.Concat(_perKey.Keys)))
        {
            Begin(wanted);
        }

        foreach (var budget in wanted)
        {
            if (budget.Per is null)
            {
                _budgets[budget.Id] = (budget, _budgets.TryGetValue(budget.Id, out var known) ? known.Ring : new SpendRing(FastBurnRules.Minutes));
                _perKey.Remove(budget.Id);
            }
            else
            {
                _perKey[budget.Id] = (budget, _perKey.TryGetValue(budget.Id, out var known) && known.Budget.Per == budget.Per ? known.Rings : new(StringComparer.Ordinal));
                _budgets.Remove(budget.Id);
            }
        }

        var from = now.AddMinutes(-FastBurnRules.Minutes);
        for (var read = MostAtOnce; read == MostAtOnce;)
        {
            read = 0;
            foreach (var (number, row) in history.ReadStored(workspaceId, _after, from, _after is null ? MostToBeginWith : MostAtOnce))
            {
                (_after, read) = (number, read + 1);
                Count(row, policy.Settings.TenantFrom);
            }
        }

        _after ??= 0;
        if (now - _learnt >= TimeSpan.FromHours(1) || ExpectedProfile.FloorOf(now) > ExpectedProfile.FloorOf(_learnt))
        {
            Learn(policy, now);
        }
    }

    private ExpectedSpend? ExpectedOf(string key) => _expected.GetValueOrDefault(key);

    private void Begin(Budget[] budgets)
    {
        _after = null;
        _endpoints.Clear();
        _budgets.Clear();
        _perKey.Clear();
        (All, Unpriced, _learnt) = (new SpendRing(SurgeRules.Minutes), new SpendRing(SurgeRules.Minutes), default);
        foreach (var budget in budgets.Where(budget => budget.Per is null))
        {
            _budgets[budget.Id] = (budget, new SpendRing(FastBurnRules.Minutes));
        }

        foreach (var budget in budgets.Where(budget => budget.Per is not null))
        {
            _perKey[budget.Id] = (budget, new(StringComparer.Ordinal));
        }
    }

    private static string KeyOf(string budgetId, string key) => $"\n{budgetId}\n{key}";

    private void Count(PricedRow row, TenantSource tenants)
    {
        var cost = row.Cost ?? Usd.Zero;
        if (row.Request is { Environment: DeploymentEnvironment.Prod, DataMode: DataMode.Real })
        {
            All.Add(row.Request.OccurredAt, cost);
            if (row.Cost is null)
            {
                Unpriced.Add(row.Request.OccurredAt, Usd.Zero);
            }

            if (!_endpoints.TryGetValue(row.Request.EndpointTag, out var ring) && _endpoints.Count < MostEndpoints)
            {
                _endpoints[row.Request.EndpointTag] = ring = new SpendRing(SurgeRules.Minutes);
            }

            ring?.Add(row.Request.OccurredAt, cost);
        }

        if ((_budgets.Count > 0 || _perKey.Count > 0) && row.Cost is not null)
        {
            var dimensions = Dimensions.Of(row.Request, row.Provider, tenants);
            foreach (var (budget, ring) in _budgets.Values)
            {
                if (budget.Matches(dimensions))
                {
                    ring.Add(row.Request.OccurredAt, cost);
                }
            }

            foreach (var (budget, rings) in _perKey.Values)
            {
                if (!budget.Matches(dimensions) || !budget.TryGetKey(dimensions, out var key) || string.IsNullOrEmpty(key))
                {
                    continue;
                }

                if (!rings.TryGetValue(key, out var ring) && rings.Count < MostKeys)
                {
                    rings[key] = ring = new SpendRing(SurgeRules.Minutes);
                }

                ring?.Add(row.Request.OccurredAt, cost);
            }
        }
    }

    private void Learn(WorkspacePolicy policy, DateTimeOffset now)
    {
        var end = ExpectedProfile.FloorOf(now);
        var hours = new TimeWindow(end - ExpectedProfile.Learned, end);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(policy.Settings.TimeZone);
        var tenants = policy.Settings.TenantFrom;
        var read = history.HoursOf(workspaceId, tenants);
        _expected.Clear();
        foreach (var (endpoint, spent) in history.KeyHours(workspaceId, tenants, SignalBudgets.Of(null, Endpoint), _endpoints.Keys, hours))
        {
            _expected[endpoint] = ExpectedSpend.Of(hours.Start, spent, zone);
        }

        _expected["\n"] = ExpectedSpend.Of(hours.Start, [.. read(SignalBudgets.Of(null), Measure.Usd, hours)], zone);
        foreach (var (id, (budget, _)) in _budgets)
        {
            _expected["\n" + id] = ExpectedSpend.Of(hours.Start, [.. read(budget, Measure.Usd, hours)], zone);
        }

        foreach (var (id, (budget, rings)) in _perKey)
        {
            foreach (var (key, spent) in history.KeyHours(workspaceId, tenants, budget, rings.Keys, hours))
            {
                _expected[KeyOf(id, key)] = ExpectedSpend.Of(hours.Start, spent, zone);
            }
        }

        _learnt = now;
    }
}
