using System.Net.Http.Json;
using System.Text.Json;
using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Opsmeter.Core.Decisions;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Faults;

/// <summary>A key that makes up names. <c>Opsmeter.Bench -- cardinality</c> measures a hundred thousand of them.</summary>
public sealed class CardinalityTests
{
    private const int Names = 6_000;
    private const int BatchRows = 500;

    [Fact]
    public async Task Ingest_ThousandsOfNewNames_KeepsAllMoneyAndTellsFewApart()
    {
        await using var opsmeter = new TestOpsmeter();
        using var client = await opsmeter.ClientAsync();
        await opsmeter.AddMemberAsync("lead@example.com");
        (await client.PostAsJsonAsync("/v1/budgets", new
        {
            name = "Everything", limitUsd = 1_000, window = new { kind = "month" }, owner = "lead@example.com", escalation = "default",
        })).EnsureSuccessStatusCode();
        var sent = 0m;
        for (var first = 0; first < Names; first += BatchRows)
        {
            var rows = Enumerable.Range(first, BatchRows).Select(number =>
            {
                sent += ((100 + number) * 0.25m + 200) / 1_000_000;
                return RowText.Of($"new-{number}", endpoint: $"made.up.{number}", user: $"made_up_{number}", input: 100 + number, output: 100).ReplaceLineEndings("");
            });
            using var content = new StringContent(string.Join('\n', rows), null, "application/x-ndjson");
            (await client.PostAsync("/v1/ingest/llm-requests", content, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }

        foreach (var by in new[] { "endpointTag", "userId" })
        {
            var report = await client.GetFromJsonAsync<JsonElement>($"/v1/reports/spend?from=now-1d&groupBy={by}", TestContext.Current.CancellationToken);
            report.GetProperty("totals").GetProperty("costUsd").GetDecimal().Should().Be(sent);
            report.GetProperty("rows").EnumerateArray().Sum(row => row.GetProperty("costUsd").GetDecimal()).Should().Be(sent);
        }

        var state = (await client.GetFromJsonAsync<JsonElement>("/v1/budgets/state", TestContext.Current.CancellationToken)).GetProperty("items")[0];
        state.GetProperty("spentUsd").GetDecimal().Should().Be(sent);
        var endpoints = opsmeter.Services.GetRequiredService<BudgetStates>().ReadEndpoints(Store.WorkspaceId, state.GetProperty("budgetId").GetString()!);
        endpoints.Should().HaveCount(EnforcementBook.MostEndpoints + 1).And.Contain(endpoint => endpoint.Endpoint == EnforcementBook.OtherEndpoints);
    }

    [Fact]
    public void Book_MoreEndpointsThanTheLimit_CountsTheRestTogether()
    {
        var window = DateTimeOffset.UnixEpoch;
        var book = new EnforcementBook();
        foreach (var number in Enumerable.Range(0, EnforcementBook.MostEndpoints + 500))
        {
            book.Add([new EnforcedRow("b", null, $"made.up.{number}", window, new Enforcement { Blocked = 1 })]);
        }

        var places = book.ReadEndpoints("b", window).ToList();

        places.Should().HaveCount(EnforcementBook.MostEndpoints + 1).And.Contain((EnforcementBook.OtherEndpoints, new Enforcement { Blocked = 500 }));
        places.Sum(place => place.Total.Blocked).Should().Be(EnforcementBook.MostEndpoints + 500);
    }

    [Fact]
    public void Book_RestoredWithMoreThanTheLimit_FoldsTheRestOnceAndForgetsThem()
    {
        var window = DateTimeOffset.UnixEpoch;
        var book = new EnforcementBook();

        book.RestoreOnce(() => Enumerable.Range(0, EnforcementBook.MostEndpoints + 3)
            .Select(number => (new EnforcementBook.Place("b", null, $"made.up.{number}"), window, new Enforcement { Blocked = 1 })));

        book.Forget(_ => window).Should().HaveCount(3);
        book.Forget(_ => window).Should().BeEmpty();
        book.TakeChanges().Should().Equal((new EnforcementBook.Place("b", null, EnforcementBook.OtherEndpoints), window, new Enforcement { Blocked = 3 }));
    }

    [Fact]
    public async Task Reads_ThatAreOld_AreLetGo()
    {
        var time = new FakeTimeProvider();
        using var recent = new RecentReads(time);
        using var slow = new SlowReads(time);
        recent.Keep(1, "a", "wide");
        await slow.ReadAsync(1, "a", TimeSpan.FromSeconds(30), () => Task.FromResult("wide"), CancellationToken.None);

        time.Advance(TimeSpan.FromSeconds(4));
        (recent.Count, slow.Count).Should().Be((1, 1));
        time.Advance(TimeSpan.FromMinutes(1));

        (recent.Count, slow.Count).Should().Be((0, 0));
    }
}
