using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Replay;

/// <summary>
/// Tries a policy on requests that were made: the live engine itself, each request preceded by its decision, with the clock
/// at its <c>occurredAt</c>. Give it the requests from <see cref="From"/> to the range's end in order of (occurred, sequence).
/// </summary>
public sealed class PolicyReplay
{
    private static readonly Cap[] AllCaps = [Cap.ByTier, Cap.Soft, Cap.Degrade, Cap.Hard];

    private readonly WorkspacePolicy _policy;
    private readonly PriceBook _book;
    private readonly TimeWindow _range;
    private readonly ReplayAccount _asSent;
    private readonly ReplayAccount _asObeyed;
    private readonly Dictionary<Cap, ReplayAccount> _caps = [];
    private readonly ReplayAccount[] _accounts;
    private int _requests;

    /// <summary>Sets a replay up.</summary>
    /// <param name="policy">The policy. Its budgets are told as if it were enforced, also where the workspace only observes.</param>
    /// <param name="book">Prices what a degraded request would have cost.</param>
    /// <param name="range">What is told.</param>
    /// <param name="earlier">Reads what was counted before <see cref="From"/>.</param>
    /// <param name="comparesCaps">True to tell it under each of the four caps besides.</param>
    public PolicyReplay(WorkspacePolicy policy, PriceBook book, TimeWindow range, HourLookup earlier, bool comparesCaps)
    {
        _policy = new WorkspacePolicy(policy.Settings with { Observe = false }, policy.Budgets, policy.Entries, policy.Ceiling);
        (_book, _range) = (book, range);
        From = policy.Budgets.Where(budget => budget.Enabled).Select(budget => StartOf(budget, range.Start)).Append(ExpectedProfile.FloorOf(range.Start)).Min();
        var hours = new EarlierHours(From, earlier);
        _asSent = new ReplayAccount(_policy, book, range, isObeyed: false, keepsWindows: true, hours);
        _asObeyed = new ReplayAccount(_policy, book, range, isObeyed: true, keepsWindows: true, hours);
        foreach (var cap in comparesCaps ? AllCaps : [])
        {
            _caps[cap] = policy.Budgets.All(budget => budget.Cap == cap)
                ? _asObeyed
                : new ReplayAccount(Under(cap), book, range, isObeyed: true, keepsWindows: false, hours);
        }

        _accounts = [_asSent, _asObeyed, .. _caps.Values.Where(account => account != _asObeyed)];
    }

    /// <summary>
    /// From when on requests are needed, a whole UTC hour: the windows that run when the range begins, and the paces then,
    /// depend on what came before it.
    /// </summary>
    public DateTimeOffset From { get; }

    /// <summary>What a caller that does as a degraded mode says would have sent, and what that costs.</summary>
    /// <param name="row">The request as it was sent.</param>
    /// <param name="mode">The mode; only its model and its most output tokens change what a request costs.</param>
    /// <param name="book">The prices.</param>
    /// <returns>The request, unpriced where the fallback model has no price.</returns>
    public static PricedRow Degraded(PricedRow row, DegradedMode mode, PriceBook book)
    {
        var usage = row.Request.Usage;
        var output = Math.Min(usage.Output, mode.MaxOutputTokens ?? usage.Output);
        var isOtherModel = mode.Model is not null && !string.Equals(mode.Model, row.Request.Model, StringComparison.OrdinalIgnoreCase);
        if (!isOtherModel && output == usage.Output)
        {
            return row;
        }

        var reasoning = Math.Min(usage.Reasoning, output);
        var sent = row.Request with
        {
            Model = mode.Model ?? row.Request.Model,
            Usage = usage with { Output = output, Reasoning = reasoning, AudioOutput = Math.Min(usage.AudioOutput, output - reasoning) },
            ReportedCost = null,
        };

        // A fallback model may be another provider's: found by its name where the request's provider has none of it.
        var priced = book.Price(sent);
        return new PricedRow(sent, priced.Provider, priced.Cost);
    }

    /// <summary>Takes some requests, each later than those before.</summary>
    public void Take(IReadOnlyList<PricedRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var queries = new DecisionQuery?[rows.Count];
        for (var i = 0; i < queries.Length; i++)
        {
            var request = rows[i].Request;
            _requests += request.OccurredAt >= _range.Start ? 1 : 0;
            var dimensions = Dimensions.Of(request, rows[i].Provider, _policy.Settings.TenantFrom);
            if (_policy.Budgets.Any(budget => budget.Enabled && budget.Matches(dimensions) && budget.TryGetKey(dimensions, out _)))
            {
                queries[i] = new DecisionQuery
                {
                    Dimensions = dimensions,
                    IsFreeModel = rows[i].Cost == Usd.Zero && _book.IsFree(request.Provider, request.Model, request.OccurredAt),
                };
            }
        }

        Parallel.ForEach(_accounts, account =>
        {
            for (var i = 0; i < queries.Length; i++)
            {
                if (queries[i] is { } query)
                {
                    account.Take(rows[i], query);
                }
            }
        });
    }

    /// <summary>Counts requests of the range that no budget can count and that were therefore not given.</summary>
    public void Skip(int requests) => _requests += requests;

    /// <summary>What it came to so far.</summary>
    public ReplayResult Result() => new()
    {
        Range = _range,
        Requests = _requests,
        AsSent = _asSent.Tally,
        Transitions = _asSent.Transitions,
        Standings = _asSent.Standings,
        AsObeyed = _asObeyed.Tally,
        ObeyedTransitions = _asObeyed.Transitions,
        Caps = _caps.ToDictionary(cap => cap.Key, cap => cap.Value.Tally),
        Windows = [.. _asSent.Windows!.Windows.Where(sent => sent.IsTold).Select(WindowOf)],
    };

    private ReplayWindow WindowOf(WindowTrack.Sum sent)
    {
        var obeyed = _asObeyed.Windows!.Find(sent.BudgetId, sent.Window);
        return new ReplayWindow
        {
            BudgetId = sent.BudgetId,
            Window = sent.Window,
            Sent = sent.Spend,
            Obeyed = obeyed?.Spend ?? Usd.Zero,
            Use = obeyed?.Use ?? 0,
            State = obeyed?.State ?? BudgetState.Ok,
            Degraded = obeyed?.Degraded ?? 0,
            Blocked = obeyed?.Blocked ?? 0,
            KeysExceeded = obeyed?.KeysExceeded ?? 0,
        };
    }

    private WorkspacePolicy Under(Cap cap) =>
        new(_policy.Settings, _policy.Budgets.Select(budget => budget with { Cap = cap }), _policy.Entries, _policy.Ceiling);

    private static DateTimeOffset StartOf(Budget budget, DateTimeOffset start)
    {
        var window = new WindowCalendar(budget.Window).WindowAt(start);
        var pace = start - budget.Confirmation.Long;
        return window.IsTotal ? DateTimeOffset.MinValue : ExpectedProfile.FloorOf(window.Start < pace ? window.Start : pace);
    }
}
