using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Tests.Support;

/// <summary>A workspace in memory: the pipeline, a ledger of its meters, and the board that decisions read.</summary>
public sealed class TestWorkspace
{
    private readonly Dictionary<(string Budget, string? Key, DateTimeOffset Start), MeterRecord> _ledger = [];
    private readonly List<Transition> _transitions = [];
    private readonly Dictionary<string, HourCounts> _hours;
    private readonly Pipeline _pipeline;

    public TestWorkspace(params Budget[] budgets)
        : this(new WorkspaceSettings(), [], budgets)
    {
    }

    public TestWorkspace(WorkspaceSettings settings, IEnumerable<TierEntry> tiers, params Budget[] budgets)
    {
        var policy = new WorkspacePolicy(settings, budgets, tiers, new WorkspaceSettings.Rates(10m, 40m));
        _hours = budgets.ToDictionary(budget => budget.Id, _ => new HourCounts());
        _pipeline = new Pipeline(
            policy,
            budgets.Select(budget => new BudgetMeters(
                budget, DateTimeOffset.MinValue, (id, key, start) => _ledger.GetValueOrDefault((id, key, start)), HoursOf)),
            Usd.Zero);
        Board = new PolicyBoard(policy, [.. budgets.Select(budget => new BudgetBoard(budget))]);
    }

    public PolicyBoard Board { get; }

    public Pipeline Pipeline => _pipeline;

    public IReadOnlyList<Transition> Transitions => _transitions;

    public IReadOnlyCollection<MeterRecord> Ledger => _ledger.Values;

    /// <summary>Reports a request the moment it occurs.</summary>
    public IReadOnlyList<Transition> Report(RequestBuilder request) => Report(request, request.Build().OccurredAt);

    public IReadOnlyList<Transition> Report(RequestBuilder request, string now) => Report(request, Instant(now));

    public IReadOnlyList<Transition> Report(RequestBuilder request, DateTimeOffset now) => Report(request.Priced(), now);

    public IReadOnlyList<Transition> Report(PricedRow row, DateTimeOffset now)
    {
        var dimensions = Dimensions.Of(row.Request, row.Provider, Board.Policy.Settings.TenantFrom);
        foreach (var meters in _pipeline.Budgets.Where(meters => meters.Budget.Matches(dimensions)))
        {
            _hours[meters.Budget.Id].Add(row.Request.OccurredAt, row.Cost, row.Request.Usage.Total);
        }

        return Save(_pipeline.Report(row, null, now), now);
    }

    public IReadOnlyList<Transition> TakeBack(RequestBuilder request, DateTimeOffset now) =>
        Save(_pipeline.TakeBack(request.Priced(), now), now);

    public void Advance(string now) => _pipeline.Advance(Instant(now));

    /// <summary>What one budget's window holds, as saved.</summary>
    public MeterRecord Window(string at, string? key = null, string budget = "bud_1")
    {
        var meters = _pipeline.Budgets.Single(each => each.Budget.Id == budget);
        return _ledger[(budget, key, meters.WindowAt(Instant(at)).Start)];
    }

    public Decision Decide(RequestBuilder request, string now) => Decide(request.Priced(), Instant(now));

    public Decision Decide(PricedRow row, DateTimeOffset now) => DecisionEngine.Decide(
        Board, new DecisionQuery { Dimensions = Dimensions.Of(row.Request, row.Provider, Board.Policy.Settings.TenantFrom) }, now);

    /// <summary>No history: every day is expected to be flat.</summary>
    public static IReadOnlyList<long> NoHours(Budget budget, Measure measure, TimeWindow hours) => [];

    /// <summary>What was reported by the hour.</summary>
    public IReadOnlyList<long> HoursOf(Budget budget, Measure measure, TimeWindow hours) => _hours[budget.Id].Read(measure, hours);

    public static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private IReadOnlyList<Transition> Save(IReadOnlyList<Transition> transitions, DateTimeOffset now)
    {
        foreach (var meters in _pipeline.Budgets)
        {
            foreach (var (record, reading) in meters.DrainChanges())
            {
                _ledger[(record.BudgetId, record.Key, record.Window.Start)] = record;
                Board.Find(record.BudgetId)!.Publish(reading, now);
            }
        }

        _transitions.AddRange(transitions);
        return transitions;
    }
}
