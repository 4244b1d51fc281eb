using AwesomeAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Storage.Facts;
using Xunit;

namespace Opsmeter.Tests.Web.Storage;

/// <summary>An edit that has much to count: counted beside the writer, with what comes meanwhile, to the same sums as at once.</summary>
public sealed class CountAheadTests : IAsyncLifetime
{
    private const int Workspace = 1;

    private readonly TestFolder _folder = new();
    private StorageOptions _storage = null!;
    private FactStore _facts = null!;
    private LedgerSession _session = null!;
    private LedgerHistory _history = null!;
    private BudgetDocument _budget = null!;

    public async ValueTask InitializeAsync()
    {
        await using (var opsmeter = new TestOpsmeter(_folder.Path, PolicyOpsmeter.Now))
        {
            await opsmeter.AddMemberAsync(PolicyOpsmeter.Owner);
            using var client = await opsmeter.ClientAsync();
            var created = await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", 0.5), ("cap", "hard")));
            created.Status.Should().Be(201, created.Text);
            _budget = await opsmeter.LedgerAsync(async db => PolicyStore.Read<BudgetDocument>((await db.Budgets.SingleAsync()).Document));
            for (var row = 0; row < 10; row++)
            {
                await client.CountAsync(PolicyOpsmeter.Row($"before_{row}"));
            }
        }

        _storage = new StorageOptions { DataDirectory = _folder.Path };
        _facts = new FactStore(_storage);
        _history = new LedgerHistory(_storage, new ValueTexts(_storage), _facts);
        _session = new LedgerSession(_storage, PriceBook.BuiltIn, new Boards(), _facts, new FakeTimeProvider(PolicyOpsmeter.Now));
    }

    public ValueTask DisposeAsync()
    {
        _session.Dispose();
        _facts.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Edit_WithMuchToCount_IsUndone_AndTakenOverOnceItWasCounted()
    {
        var task = Try("Ahead", ahead: null);

        task.Should().NotBeNull();
        Names().Should().Equal([_budget.Name], "nothing of it is in force, nor in the ledger");
        var ahead = task.Run(_history, TestContext.Current.CancellationToken);
        Write(() =>
        {
            _session.Append(Workspace, Row("after_0", 5)).Outcome.Should().Be(LedgerOutcome.Stored);
            _session.Append(Workspace, Row("before_3", 7, supersede: true)).Outcome.Should().Be(LedgerOutcome.Superseded);
            _session.Append(Workspace, Row("after_1", 11)).Outcome.Should().Be(LedgerOutcome.Stored);
            _session.Append(Workspace, Row("after_1", 13, supersede: true)).Outcome.Should().Be(LedgerOutcome.Superseded);
            _session.Void(Workspace, "before_4", 1, "lead@example.com", "sent twice").Should().BeTrue();
        });

        Try("Ahead", ahead).Should().BeNull();

        var expected = (8 * 400_000) + 5 + 7 + 13;
        var (sums, standing) = Record("Ahead");
        sums.Tokens.Should().Be(expected);
        sums.Requests.Should().Be(11);
        Try("At once", ahead: null, most: 1_000).Should().BeNull();
        Record("At once").Should().Be((sums, standing));
        standing.State.Should().Be(BudgetState.Exceeded);
        Names().Should().BeEquivalentTo(_budget.Name, "Ahead", "At once");
    }

    [Fact]
    public void Edit_AfterAnotherThatItDependsOn_IsCountedAgain()
    {
        var ahead = Try("Ahead", ahead: null)!.Run(_history, TestContext.Current.CancellationToken);
        Write(() => _session.TryEdit(
            Workspace,
            (db, now) =>
            {
                TierPolicies.Add(db, Workspace, new TierDocument { Id = "tier_1", Pattern = "agents.*", Tier = 3, Owner = PolicyOpsmeter.Owner }, now, "lead@example.com");
                return new PolicyEdit<bool>(true, IsChanged: true, Budgets: null);
            },
            null, 1_000, out _).Should().BeNull());

        var again = Try("Ahead", ahead);

        again.Should().NotBeNull("a tier may change what a request counts");
        Try("Ahead", again.Run(_history, TestContext.Current.CancellationToken)).Should().BeNull();
        Record("Ahead").Sums.Requests.Should().Be(10);
    }

    [Fact]
    public void Edit_AfterTheSessionWasMadeAnew_IsCountedAgain()
    {
        var ahead = Try("Ahead", ahead: null)!.Run(_history, TestContext.Current.CancellationToken);
        _session.Dispose();
        _session = new LedgerSession(_storage, PriceBook.BuiltIn, new Boards(), _facts, new FakeTimeProvider(PolicyOpsmeter.Now));

        Try("Ahead", ahead).Should().NotBeNull("its meters belong to the session that is gone");
    }

    [Fact]
    public void Edit_WithLittleToCount_IsTakenOverAtOnce()
    {
        Try("At once", ahead: null, most: 10).Should().BeNull();

        Record("At once").Sums.Requests.Should().Be(10);
    }

    /// <summary>Makes a budget as the first one is, under another name; its id is a new one at each try.</summary>
    private CountTask? Try(string name, CountedAhead? ahead, int most = 9)
    {
        CountTask? task = null;
        Write(() => task = _session.TryEdit(
            Workspace,
            (db, now) =>
            {
                var budget = _budget with { Id = PolicyStore.NewId("bud_"), Name = name };
                BudgetPolicies.Add(db, Workspace, budget, now, "lead@example.com");
                return new PolicyEdit<bool>(true, IsChanged: true, [budget.Id]);
            },
            ahead, most, out _));
        return task;
    }

    private void Write(Action write)
    {
        _session.Begin(PolicyOpsmeter.Now);
        write();
        _session.Flush();
        _session.Commit();
    }

    private string[] Names() => [.. _session.Ledger.Query("SELECT name FROM budgets", reader => reader.GetString(0))];

    private (WindowSums Sums, Standing Standing) Record(string name)
    {
        var id = _session.Ledger.Query("SELECT id, name FROM budgets", reader => (Id: reader.GetString(0), Name: reader.GetString(1))).Single(budget => budget.Name == name).Id;
        var start = new DateTimeOffset(PolicyOpsmeter.Now.Date, TimeSpan.Zero);
        var record = _session.Ledger.FindMeter(Workspace, id, null, start)!;
        return (record.Sums, record.Standing);
    }

    private static LedgerRow Row(string id, long tokens, bool supersede = false)
    {
        var request = new LlmRequest
        {
            ExternalRequestId = id, Provider = "openai", Model = "gpt-5-mini", EndpointTag = "agents.plan", PromptVersion = "v1", OccurredAt = PolicyOpsmeter.Now,
            Usage = new TokenUsage(tokens, 0),
        };
        var priced = PriceBook.BuiltIn.Price(request);
        return new LedgerRow
        {
            Row = new PricedRow(request, priced.Provider, priced.Cost), Rates = priced.Rates, OccurredAtGiven = true, Supersede = supersede,
        };
    }
}
