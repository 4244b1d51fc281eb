using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Core.Metering;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Documents;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

public sealed class BudgetPoliciesTests
{
    private const int Workspace = Store.WorkspaceId;

    [Fact]
    public async Task History_EditsOfTwoBudgets_ShowsOnesOwnNewestFirst()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        var budgets = opsmeter.Services.GetRequiredService<BudgetPolicies>();
        var id = Saved(await budgets.CreateAsync(Workspace, Draft("Chat", 1), PolicyOpsmeter.Owner)).Document.Id;
        await budgets.CreateAsync(Workspace, Draft("Another", 1), PolicyOpsmeter.Owner);
        opsmeter.Clock!.Advance(TimeSpan.FromMinutes(5));
        await budgets.ReplaceAsync(Workspace, id, Draft("Chat", 2), 1, PolicyOpsmeter.Backup);
        await budgets.DeleteAsync(Workspace, id, null, PolicyOpsmeter.Owner);

        var history = await budgets.HistoryAsync(Workspace, id, 10);
        var newest = await budgets.HistoryAsync(Workspace, id, 1);

        history.Select(change => change.Action).Should().Equal("budget.delete", "budget.replace", "budget.create");
        history.Select(change => change.Actor).Should().Equal(PolicyOpsmeter.Owner, PolicyOpsmeter.Backup, PolicyOpsmeter.Owner);
        history[1].At.Should().Be(PolicyOpsmeter.Now.AddMinutes(5));
        history[1].Before.Should().Contain("\"limitRequests\":1,");
        history[1].After.Should().Contain("\"limitRequests\":2,");
        (history[0].After, history[2].Before).Should().Be((null, null));
        newest.Should().Equal(history[0]);
    }

    [Fact]
    public async Task Replace_SameVersionTwiceAtOnce_OneIsToldThatItChanged()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        var budgets = opsmeter.Services.GetRequiredService<BudgetPolicies>();
        var id = Saved(await budgets.CreateAsync(Workspace, Draft("Chat", 1), PolicyOpsmeter.Owner)).Document.Id;

        var results = await Task.WhenAll(Enumerable.Range(2, 8).Select(limit =>
            budgets.ReplaceAsync(Workspace, id, Draft("Chat", limit), 1, PolicyOpsmeter.Owner)));

        var saved = results.OfType<PolicyResult<BudgetDocument>.Saved>().Should().ContainSingle().Subject.Item;
        results.OfType<PolicyResult<BudgetDocument>.ChangedSince>().Should().HaveCount(7)
            .And.AllSatisfy(changed => changed.Current.Version.Should().Be(2));
        (await budgets.FindAsync(Workspace, id))!.Document.LimitRequests.Should().Be(saved.Document.LimitRequests);
    }

    [Fact]
    public async Task Context_OfABudget_IsEnoughToCheckItsDraft()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        var budgets = opsmeter.Services.GetRequiredService<BudgetPolicies>();
        var budget = Saved(await budgets.CreateAsync(Workspace, Draft("Chat", 1), PolicyOpsmeter.Owner)).Document;

        var context = await budgets.ContextAsync(Workspace, budget.Id);
        var draft = BudgetDraft.Of(budget);
        var (unchanged, _) = BudgetRules.Check(draft, context);
        draft.LimitRequests = 0;
        var (_, errors) = BudgetRules.Check(draft, context);

        PolicyStore.Write(unchanged).Should().Be(PolicyStore.Write(budget));
        errors.Keys.Should().Equal("limitRequests");
        context.Now.Should().Be(PolicyOpsmeter.Now);
        (await budgets.OwnersAsync(Workspace)).Should().Equal(PolicyOpsmeter.Owner, PolicyOpsmeter.Backup);
        (await budgets.OwnersAsync(Workspace + 1)).Should().BeEmpty("members of other workspaces own nothing here");
    }

    [Fact]
    public async Task Replace_SwitchedOffAndOn_LeavesTheDaysBetweenUncounted()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var budgets = opsmeter.Services.GetRequiredService<BudgetPolicies>();
        var id = Saved(await budgets.CreateAsync(Workspace, Draft("Chat", 1), PolicyOpsmeter.Owner)).Document.Id;
        await Switch(false);
        opsmeter.Clock!.Advance(TimeSpan.FromDays(2));
        await Switch(true);

        await client.CountAsync(PolicyOpsmeter.Body(PolicyOpsmeter.Row("req_1"), ("occurredAt", "2026-11-24T12:00:00Z")));
        await client.CountAsync(PolicyOpsmeter.Body(PolicyOpsmeter.Row("req_2"), ("occurredAt", "2026-11-25T12:00:00Z")));

        var windows = await opsmeter.LedgerAsync(db => Task.FromResult(db.Meters.Select(row => row.WindowStartTicks).ToArray()));
        windows.Should().Equal(PolicyOpsmeter.Instant("2026-11-25T00:00:00Z").UtcTicks);

        async Task Switch(bool on)
        {
            var draft = Draft("Chat", 1);
            draft.Enabled = on;
            Saved(await budgets.ReplaceAsync(Workspace, id, draft, null, PolicyOpsmeter.Owner));
        }
    }

    private static Versioned<BudgetDocument> Saved(PolicyResult<BudgetDocument> result) =>
        result.Should().BeOfType<PolicyResult<BudgetDocument>.Saved>().Subject.Item;

    private static BudgetDraft Draft(string name, long limit) => new()
    {
        Name = name, LimitRequests = limit, Window = new WindowDraft { Kind = WindowKind.Day }, Owner = PolicyOpsmeter.Owner,
        Escalation = EscalationDocument.DefaultName,
    };
}
