using System.Globalization;
using System.Text.Json;
using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Storage.Facts;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

/// <summary>Reports over segments, the facts still in memory, corrections of both, and a restart, against sums made by hand.</summary>
public sealed class SegmentReportTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-03T14:20:00Z", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Reports_OverSegmentsTailAndCorrections_EqualTheSumsOfTheRows()
    {
        await using var opsmeter = new TestOpsmeter(now: Now) { Settings = { ["Storage:SegmentRows"] = "1024" } };
        using var client = await opsmeter.ClientAsync();
        var rows = Rows(3_700);
        await PostAsync(client, rows);
        await VoidAsync(client, rows, 5, 1_500, 3_699);
        await SealedAsync(opsmeter, 3);

        await AgreesAsync(opsmeter.Services, rows);
    }

    [Fact]
    public async Task Reports_AfterARestart_EqualTheSumsOfTheRows()
    {
        var folder = Directory.CreateTempSubdirectory("opsmeter-").FullName;
        var rows = Rows(2_600);
        await using (var opsmeter = new TestOpsmeter(folder, Now) { Settings = { ["Storage:SegmentRows"] = "1024" } })
        {
            using var client = await opsmeter.ClientAsync();
            await PostAsync(client, rows);
            await VoidAsync(client, rows, 17, 2_599);
            await SealedAsync(opsmeter, 2);
        }

        await using (var opsmeter = new TestOpsmeter(folder, Now) { Settings = { ["Storage:SegmentRows"] = "1024" } })
        {
            using var client = await opsmeter.ClientAsync();
            await VoidAsync(client, rows, 18);
            await AgreesAsync(opsmeter.Services, rows);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Reports_ReadAgainAsSegmentsAndCorrectionsCome_EqualTheSumsOfTheRows()
    {
        await using var opsmeter = new TestOpsmeter(now: Now) { Settings = { ["Storage:SegmentRows"] = "1024" } };
        using var client = await opsmeter.ClientAsync();
        var come = new List<Row>();
        foreach (var rows in Rows(6_000).OrderBy(row => row.At).Chunk(1_200))
        {
            await PostAsync(client, [.. rows]);
            come.AddRange(rows);
            await VoidAsync(client, come, come.Count - 1_150, come.Count - 7);
            await SealedAsync(opsmeter, come.Count / 1_024);

            await AgreesAsync(opsmeter.Services, come);
        }

        opsmeter.Services.GetRequiredService<KeptSums>().Count.Should().BePositive("what was read five times is kept in between");
    }

    private static List<Row> Rows(int count)
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, count).Select(i => new Row(
            $"req_{i:00000}", $"endpoint.{random.Next(5)}", $"user_{random.Next(40)}", random.Next(3) == 0 ? "no-such-model" : "gpt-5-mini",
            $"v{random.Next(3)}", Now.AddSeconds(-random.Next(200_000)).AddTicks(random.Next(10_000_000)), random.Next(1, 5_000), random.Next(1, 900),
            random.Next(10, 90_000), random.Next(8) == 0))];
    }

    private static async Task PostAsync(HttpClient client, List<Row> rows)
    {
        foreach (var chunk in rows.Chunk(500))
        {
            var answer = await client.PostAsync("/v1/ingest/llm-requests", string.Join('\n', chunk.Select(row => row.Json)), "application/x-ndjson");
            answer.Status.Should().Be(200, answer.Text);
            answer["accepted"].GetInt32().Should().Be(chunk.Length);
        }
    }

    private static async Task VoidAsync(HttpClient client, List<Row> rows, params int[] numbers)
    {
        foreach (var number in numbers)
        {
            var answer = await client.PostAsync($"/v1/requests/{rows[number].Id}/void", """{"revision":1,"reason":"test"}""");
            answer.Status.Should().BeLessThan(300, answer.Text);
            rows[number] = rows[number] with { IsVoid = true };
        }
    }

    private static async Task SealedAsync(TestOpsmeter opsmeter, int segments)
    {
        var facts = opsmeter.Services.GetRequiredService<FactStore>();
        for (var waited = 0; facts[Store.WorkspaceId].Segments.Count < segments; waited++)
        {
            waited.Should().BeLessThan(500, "{0} segments are packed within ten seconds", segments);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static async Task AgreesAsync(IServiceProvider services, List<Row> rows)
    {
        var reports = services.GetRequiredService<SpendReports>();
        var requests = services.GetRequiredService<RequestList>();
        var random = new Random(12);
        for (var trial = 0; trial < 30; trial++)
        {
            var from = Now.AddSeconds(-random.Next(100_000, 200_000)).AddTicks(random.Next(1_000));
            var to = from.AddSeconds(random.Next(1, 100_000));
            var (groups, filters) = (trial % 4, trial % 3);
            var query = new SpendQuery
            {
                WorkspaceId = Store.WorkspaceId,
                Range = new TimeWindow(from, to),
                GroupBy = groups switch { 0 => null, 1 => Dimension.EndpointTag, 2 => Dimension.UserId, _ => Dimension.PromptVersion },
                Only = filters switch
                {
                    0 => new Dictionary<Dimension, IReadOnlyList<string>>(),
                    1 => new Dictionary<Dimension, IReadOnlyList<string>> { [Dimension.EndpointTag] = ["endpoint.1", "endpoint.4", "never.seen"] },
                    _ => new Dictionary<Dimension, IReadOnlyList<string>> { [Dimension.UserId] = ["user_3", "user_7"] },
                },
                WithLatency = true,
            };
            var wanted = rows.Where(row => !row.IsVoid && row.At >= from && row.At < to)
                .Where(row => filters != 1 || row.Endpoint is "endpoint.1" or "endpoint.4")
                .Where(row => filters != 2 || row.User is "user_3" or "user_7")
                .GroupBy(row => groups switch { 0 => "", 1 => row.Endpoint, 2 => row.User, _ => row.Version })
                .ToDictionary(group => group.Key, group => group.ToArray());

            var report = await reports.ReadAsync(query);

            report.Rows.Select(row => row.Value ?? "").Should().BeEquivalentTo(wanted.Keys);
            foreach (var row in report.Rows)
            {
                var expected = wanted[row.Value ?? ""];
                row.Sums.Requests.Should().Be(expected.Length);
                row.Sums.Errors.Should().Be(expected.Count(one => one.IsError));
                row.Sums.Unpriced.Should().Be(expected.Count(one => !one.IsPriced));
                row.Sums.InputTokens.Should().Be(expected.Sum(one => one.Input));
                row.Sums.OutputTokens.Should().Be(expected.Sum(one => one.Output));
                row.Sums.UnpricedTokens.Should().Be(expected.Where(one => !one.IsPriced).Sum(one => one.Input + one.Output));
                row.Sums.Priced.Nano.Should().Be(expected.Where(one => one.IsPriced).Sum(one => one.Nano));
                var p95 = expected.Select(one => one.Latency).Order().ElementAt((int)Math.Ceiling(0.95 * expected.Length) - 1);
                ((double)row.Latency!.P95Ms).Should().BeApproximately(p95, expected.Length + 10 <= LatencySketch.MostExact ? 0 : p95 * 0.0101);
            }

            await FindsAsync(requests, rows, query);
        }
    }

    private static async Task FindsAsync(RequestList requests, List<Row> rows, SpendQuery query)
    {
        if (query.Only.Count == 0)
        {
            return;
        }

        var found = await requests.ReadAsync(
            Store.WorkspaceId, new RequestFilter { Only = query.Only, Range = query.Range, OnlyErrors = true }, null, 50);

        found.Items.Select(item => item.ExternalRequestId).Should().Equal(rows
            .Where(row => row.IsError && row.At >= query.Range.Start && row.At < query.Range.End)
            .Where(row => query.Only.Values.Single().Contains(query.Only.ContainsKey(Dimension.UserId) ? row.User : row.Endpoint))
            .OrderByDescending(row => row.At).Take(50).Select(row => row.Id));
    }

    private sealed record Row(
        string Id, string Endpoint, string User, string Model, string Version, DateTimeOffset At, int Input, int Output, int Latency, bool IsError)
    {
        public bool IsVoid { get; init; }

        public bool IsPriced => Model == "gpt-5-mini";

        // gpt-5-mini: $0.25 and $2 a million tokens.
        public long Nano => (Input * 250L) + (Output * 2_000L);

        public string Json => JsonSerializer.Serialize(new
        {
            externalRequestId = Id, provider = "openai", model = Model, endpointTag = Endpoint, promptVersion = Version, userId = User,
            inputTokens = Input, outputTokens = Output, latencyMs = Latency, status = IsError ? "error" : "success", occurredAt = At,
        });
    }
}
