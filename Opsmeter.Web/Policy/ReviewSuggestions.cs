using System.Collections.Concurrent;
using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>Finds what would serve better, tries it on four weeks of traffic, and makes it so where someone accepts.</summary>
public sealed class ReviewSuggestions(
    BudgetPolicies budgets, TierPolicies tiers, Replays replays, Boards boards, LedgerHistory history, WeeklyReviews reviews, TimeProvider time)
{
    private const int Kept = 200;
    private const int WindowsForLimit = 8;
    private const int WindowsForWarning = 28;
    private static readonly TimeSpan Tried = TimeSpan.FromDays(28);

    private readonly ConcurrentDictionary<string, (WorkspacePolicy Policy, SuggestionReplay Replay)> _replays = new(StringComparer.Ordinal);

    /// <summary>What is suggested for the week before.</summary>
    public async Task<IReadOnlyList<ReviewSuggestion>> FindAsync(int workspaceId, CancellationToken cancellation = default)
    {
        var entries = await tiers.ListAsync(workspaceId);
        return await LongWork.RunAsync(
            () => (IReadOnlyList<ReviewSuggestion>)[.. OfBudgets(workspaceId), .. entries.Select(entry => OfTier(entry.Document)).OfType<ReviewSuggestion>()], cancellation);
    }

    /// <summary>What a suggestion would have done beside the policy in force; kept for the hour while the policy stays as it is.</summary>
    public async Task<SuggestionReplay> TryAsync(int workspaceId, ReviewSuggestion suggestion, CancellationToken cancellation = default)
    {
        var policy = boards[workspaceId].Policy;
        var now = time.GetUtcNow();
        var key = string.Create(CultureInfo.InvariantCulture, $"{workspaceId} {suggestion.Id} {ExpectedProfile.FloorOf(now).UtcTicks}");

        // A policy that was edited is another object.
        if (_replays.TryGetValue(key, out var known) && ReferenceEquals(known.Policy, policy))
        {
            return known.Replay;
        }

        var (before, after) = Policies(policy, suggestion);
        var range = new TimeWindow(now - Tried, now);
        var tried = new SuggestionReplay(
            await SideAsync(workspaceId, before, range, cancellation), await SideAsync(workspaceId, after, range, cancellation));
        if (_replays.Count >= Kept)
        {
            _replays.Clear();
        }

        _replays[key] = (policy, tried);
        return tried;
    }

    /// <summary>Makes it so, and keeps who did.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="suggestion">The suggestion.</param>
    /// <param name="value">What is set: what was suggested, or what someone wrote instead.</param>
    /// <param name="actor">Who accepts it.</param>
    /// <returns>What is wrong, or null.</returns>
    public async Task<string?> AcceptAsync(int workspaceId, ReviewSuggestion suggestion, decimal value, string actor)
    {
        var problem = suggestion.Kind == SuggestionKind.Tier
            ? await SetTierAsync(workspaceId, suggestion, value, actor)
            : await SetBudgetAsync(workspaceId, suggestion, value, actor);
        if (problem is null)
        {
            await reviews.DecideAsync(workspaceId, Week(workspaceId), suggestion, value == suggestion.To ? "accepted" : "adjusted", value, actor);
        }

        return problem;
    }

    /// <summary>Keeps that a suggestion is not wanted.</summary>
    public Task DismissAsync(int workspaceId, ReviewSuggestion suggestion, string actor) =>
        reviews.DecideAsync(workspaceId, Week(workspaceId), suggestion, "dismissed", null, actor);

    private TimeWindow Week(int workspaceId) => reviews.WeekBefore(workspaceId, time.GetUtcNow());

    private IEnumerable<ReviewSuggestion> OfBudgets(int workspaceId)
    {
        var policy = boards[workspaceId].Policy;
        var hoursOf = history.HoursOf(workspaceId, policy.Settings.TenantFrom);
        var now = time.GetUtcNow();
        foreach (var budget in policy.Budgets.Where(budget => budget is { Enabled: true, Per: null } && budget.Window.Kind is not (WindowKind.Hour or WindowKind.Total)))
        {
            if (budget.Limits.Usd is not { } limit || limit <= Usd.Zero)
            {
                continue;
            }

            var windows = BudgetWindows.Completed(hoursOf, budget, now, WindowsForLimit, isUsual: true);
            var tier = TierOf(workspaceId, policy, budget, now);
            if (LimitAdvice.For(windows, tier, limit) is { } advised)
            {
                yield return new ReviewSuggestion(
                    IdOf(SuggestionKind.Limit, budget.Id, advised.Dollars), SuggestionKind.Limit, budget.Id, budget.Name, limit.Dollars, advised.Dollars,
                    $"{Windows(budget, windows.Count)} used {Money(windows.Min())} to {Money(windows.Max())}, surges left out; most of it is Tier {(int)tier}.");
            }

            decimal[] uses = [.. BudgetWindows.Completed(hoursOf, budget, now, WindowsForWarning, isUsual: false).Select(window => window.Dollars / limit.Dollars)];
            if (LimitAdvice.Warning(uses, budget.WarnAt) is { } warning)
            {
                yield return new ReviewSuggestion(
                    IdOf(SuggestionKind.Warning, budget.Id, warning), SuggestionKind.Warning, budget.Id, budget.Name, budget.WarnAt, warning,
                    $"{uses.Count(use => use >= budget.WarnAt)} of {uses.Length} windows reached the warning, and none the limit.");
            }
        }
    }

    private static ReviewSuggestion? OfTier(TierDocument entry)
    {
        var answers = entry.Reason is { } reason
            ? new TierReasonDraft { EarnsMoney = reason.EarnsMoney, IsPublic = reason.IsPublic, IsExpensive = reason.IsExpensive, IsEasyToAbuse = reason.IsEasyToAbuse }.Suggested
            : null;
        return answers is { } tier && tier != entry.Tier
            ? new ReviewSuggestion(IdOf(SuggestionKind.Tier, entry.Id, tier), SuggestionKind.Tier, entry.Id, entry.Pattern, entry.Tier, tier, $"Its answers speak for Tier {tier}: {Answers(entry.Reason!)}.")
            : null;
    }

    /// <summary>The tier that most of a budget's spend of four weeks is in.</summary>
    private Tier TierOf(int workspaceId, WorkspacePolicy policy, Budget budget, DateTimeOffset now)
    {
        var end = ExpectedProfile.FloorOf(now);
        var endpoints = history.KeyHours(
            workspaceId, policy.Settings.TenantFrom, budget with { Per = Dimension.EndpointTag }, history.EndpointsOf(workspaceId), new TimeWindow(end - Tried, end));
        return endpoints.GroupBy(each => policy.Tiers.For(each.Key).Tier, each => (decimal)each.Value.Sum())
            .OrderByDescending(tier => tier.Sum()).Select(tier => tier.Key).FirstOrDefault(policy.Settings.DefaultTier);
    }

    private static (WorkspacePolicy Before, WorkspacePolicy After) Policies(WorkspacePolicy policy, ReviewSuggestion suggestion)
    {
        if (suggestion.Kind == SuggestionKind.Tier)
        {
            var enabled = policy.Budgets.Where(budget => budget.Enabled).ToArray();
            TierEntry[] moved = [.. policy.Entries.Select(entry => entry.Pattern.ToString() == suggestion.Name ? entry with { Tier = (Tier)(int)suggestion.To } : entry)];
            return (new WorkspacePolicy(policy.Settings, enabled, policy.Entries, policy.Ceiling), new WorkspacePolicy(policy.Settings, enabled, moved, policy.Ceiling));
        }

        var budget = policy.Budgets.First(budget => budget.Id == suggestion.Target);
        var changed = suggestion.Kind == SuggestionKind.Limit
            ? budget with { Limits = budget.Limits with { Usd = Usd.FromDollars(suggestion.To) } } : budget with { WarnAt = suggestion.To };
        return (new WorkspacePolicy(policy.Settings, [budget], policy.Entries, policy.Ceiling), new WorkspacePolicy(policy.Settings, [changed], policy.Entries, policy.Ceiling));
    }

    private async Task<ReplaySide> SideAsync(int workspaceId, WorkspacePolicy policy, TimeWindow range, CancellationToken cancellation)
    {
        var told = await replays.RunAsync(workspaceId, policy, range, comparesCaps: false, null, cancellation);
        return new ReplaySide(told.AsSent.Warnings, told.AsSent.Exceeded, told.AsObeyed.Degraded, told.AsObeyed.Blocked);
    }

    private async Task<string?> SetBudgetAsync(int workspaceId, ReviewSuggestion suggestion, decimal value, string actor)
    {
        if (await budgets.FindAsync(workspaceId, suggestion.Target) is not { } current)
        {
            return "The budget was deleted in the meantime.";
        }

        var draft = BudgetDraft.Of(current.Document);
        draft.LimitUsd = suggestion.Kind == SuggestionKind.Limit ? value : draft.LimitUsd;
        draft.WarnAt = suggestion.Kind == SuggestionKind.Warning ? value : draft.WarnAt;
        return ProblemOf(await budgets.ReplaceAsync(workspaceId, suggestion.Target, draft, current.Version, actor));
    }

    private async Task<string?> SetTierAsync(int workspaceId, ReviewSuggestion suggestion, decimal value, string actor)
    {
        if (await tiers.FindAsync(workspaceId, suggestion.Target) is not { } current)
        {
            return "The entry was deleted in the meantime.";
        }

        var draft = TierDraft.Of(current.Document);
        draft.Tier = (int)value;
        return ProblemOf(await tiers.ReplaceAsync(workspaceId, suggestion.Target, draft, current.Version, actor));
    }

    private static string? ProblemOf<T>(PolicyResult<T> result) => result switch
    {
        PolicyResult<T>.Saved => null,
        PolicyResult<T>.Invalid invalid => string.Join(' ', invalid.Errors.SelectMany(error => error.Value)),
        PolicyResult<T>.Taken taken => taken.Message,
        PolicyResult<T>.ChangedSince => "Someone else changed it in the meantime. Look at it again.",
        PolicyResult<T>.Missing => "It was deleted in the meantime.",
        _ => throw new InvalidOperationException($"{result.GetType().Name} is no result of a change of policy."),
    };

    private static string IdOf(SuggestionKind kind, string target, decimal to) => string.Create(CultureInfo.InvariantCulture, $"{kind}~{target}~{to:0.#########}");

    private static string Windows(Budget budget, int count) => budget.Window.Kind switch
    {
        WindowKind.Day => $"The last {count} days",
        WindowKind.Week => $"The last {count} weeks",
        WindowKind.Month or WindowKind.Quarter or WindowKind.Year => $"Its windows, ended on each of {count} days,",
        WindowKind.Hour or WindowKind.Total => $"{count} windows",
    };

    private static string Money(Usd amount) => "$" + amount.Dollars.ToString("#,##0.00", CultureInfo.InvariantCulture);

    private static string Answers(TierReasonDocument reason)
    {
        string?[] said =
        [
            reason.EarnsMoney is { } earns ? earns ? "earns money" : "earns no money" : null, reason.IsPublic == true ? "public" : null,
            reason.IsExpensive == true ? "expensive" : null, reason.IsEasyToAbuse == true ? "easy to abuse" : null,
        ];
        return string.Join(", ", said.OfType<string>());
    }
}
