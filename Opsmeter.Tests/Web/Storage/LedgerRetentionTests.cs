using System.Text.Json;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Storage.Facts;
using Xunit;

namespace Opsmeter.Tests.Web.Storage;

/// <summary>Rows that are old enough go; what they cost stays, and nothing counts twice or not at all.</summary>
public sealed class LedgerRetentionTests
{
    private const int Rows = 30;
    private static readonly DateTimeOffset First = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    // Every timer of the days between rings at its time: three months of them would take seconds.
    private static readonly DateTimeOffset Later = First.AddDays(5);

    [Fact]
    public async Task Rows_OlderThanTheyAreKept_AreGone_AndEverySumIsAsItWas()
    {
        using var folder = new TestFolder();
        string[] sums;
        await using (var opsmeter = await FilledAsync(folder.Path))
        {
            using var client = await opsmeter.ClientAsync();
            sums = await SumsAsync(client);

            await UntilGoneAsync(opsmeter);

            (await opsmeter.LedgerAsync(db => db.Requests.Select(row => row.ExternalId).ToArrayAsync())).Should().Equal("newest");
            (await SumsAsync(client)).Should().Equal(sums);
            await RecountAsync(client);
            (await SumsAsync(client)).Should().Equal(sums, "an edited budget is counted over its whole window, from the columns");
            (await opsmeter.Services.GetRequiredService<LedgerCheck>().CheckAllAsync(TestContext.Current.CancellationToken)).Faults.Should().BeEmpty();
            (await client.PostAsync("/v1/ingest/llm-request", Row(1))).Status.Should().Be(400, "it would count a second time");
            (await client.ReadAsync("/v1/requests?from=now-365d"))["items"].GetArrayLength().Should().Be(1);
            (await client.ReadAsync("/v1/requests?from=now-365d&endpointTag=agents.plan"))["items"].GetArrayLength().Should().Be(1);
        }

        await using var again = Opsmeter(folder.Path, Later);
        using var afterwards = await again.ClientAsync();
        (await SumsAsync(afterwards)).Should().Equal(sums);
        await RecountAsync(afterwards);
        (await SumsAsync(afterwards)).Should().Equal(sums);
        again.Services.GetRequiredService<LedgerCheck>().CheckTail(10_000).Faults.Should().BeEmpty();
        again.Services.GetRequiredService<LedgerHealth>().Start.Seq.Should().Be(Rows + 1);
    }

    [Fact]
    public async Task Replay_OverRowsThatAreGone_SaysWhatItSaidBefore()
    {
        using var folder = new TestFolder();
        await using var opsmeter = await FilledAsync(folder.Path);
        using var client = await opsmeter.ClientAsync();
        var before = await ReplayAsync();
        before["requests"].GetInt32().Should().Be(Rows - 1, "one was taken back");
        before["asSent"].GetProperty("transitions").GetInt32().Should().BePositive();

        await UntilGoneAsync(opsmeter);

        (await ReplayAsync()).Text.Should().Be(before.Text);

        Task<JsonAnswer> ReplayAsync() => client.PostAsync("/v1/budgets/replay", new JsonObject
        {
            ["budget"] = JsonNode.Parse(PolicyOpsmeter.Budget(("limitUsd", 1), ("window", new JsonObject { ["kind"] = "month" }), ("per", "userId"))),
            ["from"] = First.AddDays(-2).ToString("O"), ["to"] = First.AddHours(Rows + 0.5).ToString("O"),
        }.ToJsonString());
    }

    [Fact]
    public async Task Start_OnRowsThatAreOldEnough_DropsThemWithinMinutes()
    {
        using var folder = new TestFolder();
        await using (await FilledAsync(folder.Path))
        {
            // Stopped with all rows there.
        }

        await using var again = Opsmeter(folder.Path, Later);
        (await again.LedgerAsync(db => db.Requests.CountAsync())).Should().Be(Rows + 2);

        // Half an hour at most, and not the hour that is between two times.
        await UntilOneIsLeftAsync(again, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task DropRows_TakesFewAtOnce_TheOldestFirst_AndNeverTheNewest()
    {
        using var folder = new TestFolder();
        await using var opsmeter = await FilledAsync(folder.Path);
        var writer = opsmeter.Services.GetRequiredService<LedgerWriter>();

        var steps = new List<RetentionStep>();
        do
        {
            steps.Add(await writer.DropRowsAsync(DateTimeOffset.MaxValue, 8));
        }
        while (!steps[^1].IsLast);

        steps.Select(step => step.Rows).Should().Equal([0, 8, 8, 8, 7, 0], "what is in memory is packed first, and the newest stays");
        (await opsmeter.LedgerAsync(db => db.Requests.CountAsync())).Should().Be(1);
        steps[^1].Start.CostNano.Should().Be((Rows - (Rows / 5) + 1) * 100_000_000L + 2_000_000, "all that is gone and has a price, counted or not");
        (await opsmeter.Services.GetRequiredService<LedgerCheck>().CheckAllAsync(TestContext.Current.CancellationToken)).Faults.Should().BeEmpty();
    }

    [Fact]
    public async Task DropRows_BeforeAnInstant_LeavesWhatArrivedLater()
    {
        using var folder = new TestFolder();
        await using var opsmeter = await FilledAsync(folder.Path);
        var writer = opsmeter.Services.GetRequiredService<LedgerWriter>();

        while (!(await writer.DropRowsAsync(First.AddHours(10.5), 500)).IsLast)
        {
            // Step by step.
        }

        (await opsmeter.LedgerAsync(db => db.Requests.MinAsync(row => row.ReceivedTicks))).Should().Be(First.AddHours(11).UtcTicks);
    }

    [Theory]
    [InlineData("UPDATE ledger_start SET seq = seq - 1", "row 31 missing")]
    [InlineData("UPDATE ledger_start SET chain = zeroblob(20)", "row 32 altered")]
    [InlineData("UPDATE ledger_start SET seq = 40", "rows 32 to 40 before the ledger's start", "columns of rows that are no longer kept are missing")]
    [InlineData("DELETE FROM ledger_start", "rows 1 to 31 missing", "row 32 altered")]
    public async Task Ledger_WhoseStartIsEditedByHand_IsTold(string edit, params string[] faults)
    {
        using var folder = new TestFolder();
        await using (var opsmeter = await FilledAsync(folder.Path))
        {
            await UntilGoneAsync(opsmeter);
        }

        TestSql.Run(folder.Path, edit);

        await using var again = Opsmeter(folder.Path, Later);
        _ = again.Services;
        again.Services.GetRequiredService<LedgerCheck>().CheckTail(10_000).Faults.Select(fault => fault.ToString()).Should().Equal(faults);
    }

    [Theory]
    [InlineData("UPDATE requests SET seq = seq")]
    [InlineData("UPDATE segments SET cost_nano = cost_nano + 1 WHERE id = 1", "segment 1 columns altered")]
    [InlineData("UPDATE segments SET workspace_id = 2 WHERE id = 2", "segment 2 columns altered")]
    [InlineData("UPDATE segment_columns SET data = zeroblob(length(data)) WHERE place = (SELECT MIN(place) FROM segment_columns)", "segment 1 columns altered")]
    [InlineData("DELETE FROM segment_columns WHERE place = (SELECT MAX(place) FROM segment_columns)", "segment 2 columns altered")]
    [InlineData("UPDATE segments SET hash = zeroblob(20) WHERE id = 1", "segment 1 columns altered", "segment 2 columns altered")]
    [InlineData("DELETE FROM segments WHERE id = 1", "segment 1 columns missing", "segment 2 columns altered")]
    [InlineData("DELETE FROM segments WHERE id = 2", "columns of rows that are no longer kept are missing")]
    [InlineData("UPDATE segments SET hash = NULL WHERE id = 2", "segment 2 columns altered")]
    [InlineData("UPDATE segments SET hash = NULL WHERE id = 1", "segment 2 columns altered")]
    [InlineData("UPDATE segments SET hash = NULL")]
    [InlineData("DROP TABLE segment_columns", "the columns cannot be read")]
    public async Task Columns_EditedByHand_AreTold(string edit, params string[] faults)
    {
        using var folder = new TestFolder();
        await PackTwiceAsync(folder.Path);

        TestSql.Run(folder.Path, edit);

        var file = Path.Combine(folder.Path, StorageOptions.DatabaseFile);
        var check = new LedgerCheck(new StorageOptions { DataDirectory = folder.Path, ConnectionString = $"Data Source={file};Pooling=False" }, TimeProvider.System);
        (await check.CheckAllAsync(TestContext.Current.CancellationToken)).Faults.Select(fault => fault.ToString()).Should().Equal(faults);
        check.CheckFile(file).Faults.Select(fault => fault.ToString()).Should().Equal(faults);
    }

    [Fact]
    public async Task Seal_OfFactsThatAnotherSegmentHas_IsRefused()
    {
        using var folder = new TestFolder();
        await using var opsmeter = await FilledAsync(folder.Path);
        using var client = await opsmeter.ClientAsync();
        var sums = await SumsAsync(client);
        var writer = opsmeter.Services.GetRequiredService<LedgerWriter>();
        var facts = opsmeter.Services.GetRequiredService<FactStore>();
        var board = facts[Store.WorkspaceId];

        (await writer.DropRowsAsync(DateTimeOffset.MaxValue, 1)).Rows.Should().Be(0, "it packs what is in memory");
        var late = SegmentColumns.Of(await writer.NextSegmentIdAsync(), [.. board.Tail.SelectMany(chunk => chunk.ToArray())], board);

        (await writer.SealAsync(Store.WorkspaceId, late, board)).Should().BeFalse();
        facts[Store.WorkspaceId].Segments.Should().HaveCount(1);
        (await SumsAsync(client)).Should().Equal(sums);
    }

    private static TestOpsmeter Opsmeter(string folder, DateTimeOffset now) => new(folder, now) { Settings = { ["Storage:RawRetentionDays"] = "3" } };

    // One an hour, of three users and two endpoints; the seventh is taken back, the eighth replaced.
    private static async Task<TestOpsmeter> FilledAsync(string folder)
    {
        var opsmeter = Opsmeter(folder, First);
        await opsmeter.AddMemberAsync(PolicyOpsmeter.Owner);
        using var client = await opsmeter.ClientAsync();
        foreach (var (kind, per) in new[] { ("year", null), ("total", "userId"), ("year", "tenantId") })
        {
            (await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(
                ("name", $"By {kind} and {per}"), ("limitUsd", 2), ("window", new JsonObject { ["kind"] = kind }), ("per", per)))).Status.Should().Be(201);
        }

        for (var number = 1; number <= Rows; number++)
        {
            opsmeter.Clock!.SetUtcNow(First.AddHours(number));
            await client.CountAsync(Row(number));
        }

        (await client.PostAsync("/v1/requests/req_7/void", """{"revision":1,"reason":"a test row"}""")).Status.Should().Be(200);
        await client.CountAsync(PolicyOpsmeter.Body(Row(8), ("supersede", true), ("outputTokens", 1_000)));
        opsmeter.Clock!.SetUtcNow(First.AddHours(Rows + 1));
        await client.CountAsync(PolicyOpsmeter.Row("newest"));
        opsmeter.Clock.Advance(TimeSpan.FromSeconds(1));
        return opsmeter;
    }

    private static async Task PackTwiceAsync(string folder)
    {
        await using var opsmeter = await FilledAsync(folder);
        using var client = await opsmeter.ClientAsync();
        var writer = opsmeter.Services.GetRequiredService<LedgerWriter>();
        (await writer.DropRowsAsync(DateTimeOffset.MaxValue, 1)).Rows.Should().Be(0, "it packs what is in memory");
        await client.CountAsync(PolicyOpsmeter.Row("later"));
        await client.CountAsync(PolicyOpsmeter.Row("last"));
        while (!(await writer.DropRowsAsync(DateTimeOffset.MaxValue, 500)).IsLast)
        {
            // Packs the rest, and drops all but the newest.
        }
    }

    private static string Row(int number) => PolicyOpsmeter.Body(
        PolicyOpsmeter.Row($"req_{number}", number % 2 == 0 ? "agents.plan" : "chat.reply", number % 5 == 0 ? "nobody-knows" : "gpt-5-mini", $"tenant_{number % 4}"),
        ("userId", $"user_{number % 3}"), ("occurredAt", First.AddHours(number).ToString("O")));

    private static async Task UntilGoneAsync(TestOpsmeter opsmeter)
    {
        opsmeter.Clock!.SetUtcNow(Later);
        await UntilOneIsLeftAsync(opsmeter, TimeSpan.FromMilliseconds(100));
    }

    private static async Task UntilOneIsLeftAsync(TestOpsmeter opsmeter, TimeSpan step)
    {
        for (var i = 0; i < 400; i++)
        {
            opsmeter.Clock!.Advance(step);
            if (await opsmeter.LedgerAsync(db => db.Requests.CountAsync()) == 1)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("Rows of days ago are still there.");
    }

    // Each is what a page or a caller is told.
    private static async Task<string[]> SumsAsync(HttpClient client)
    {
        var told = new List<string>();
        foreach (var by in new[] { "endpointTag", "userId", "tenantId", "model", "promptVersion" })
        {
            told.Add((await client.ReadAsync($"/v1/reports/spend?from=now-365d&to=now&groupBy={by}"))["rows"].GetRawText());
        }

        var states = (await client.ReadAsync("/v1/budgets/state"))["items"].EnumerateArray().ToArray();
        states.Should().HaveCount(8);
        told.AddRange(states.Select(Standing).Order(StringComparer.Ordinal));
        return [.. told];

        static string Standing(JsonElement item) => string.Join(
            ' ', new[] { "name", "key", "state", "measure", "spentUsd", "requests", "tokens", "unpriced", "lastRequestAt", "windowStart" }
                .Select(name => item.GetProperty(name).GetRawText()));
    }

    private static async Task RecountAsync(HttpClient client)
    {
        foreach (var budget in (await client.ReadAsync("/v1/budgets"))["items"].EnumerateArray().ToArray())
        {
            var edited = JsonNode.Parse(budget.GetRawText())!.AsObject();
            edited["notes"] = $"{edited["notes"]} counted anew";
            (await client.SendAsync(HttpMethod.Put, $"/v1/budgets/{budget.GetProperty("id").GetString()}", edited.ToJsonString())).Status.Should().Be(200);
        }
    }
}
