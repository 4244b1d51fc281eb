using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using AwesomeAssertions;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Faults;

/// <summary>
/// Kills the server in the middle of posting and starts it again. A sender keeps what was answered and sends the rest
/// again under the same id, as the documented clients do; in the end everything is there once, and every sum agrees.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    // OPSMETER_KILLS asks for more.
    private static readonly int Cycles =
        int.TryParse(Environment.GetEnvironmentVariable("OPSMETER_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 10;

    private const int Senders = 16;

    // Small segments, so that the server is killed while it writes them too.
    private static readonly Dictionary<string, string> Settings = new(OpsmeterProcess.UsualSettings) { ["Storage__SegmentRows"] = "1024" };

    private readonly TestFolder _folder = new();
    private readonly ConcurrentDictionary<int, bool> _acknowledged = new();
    private readonly ConcurrentDictionary<int, decimal> _answered = new();
    private readonly ConcurrentQueue<int> _unanswered = new();
    private int _next;
    private int _alreadyThere;
    private int _untilKill;
    private OpsmeterProcess? _victim;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_InTheMiddleOfPosting_EveryAcknowledgedRowIsThereOnceAndAllSumsAgree()
    {
        await BudgetAsync();
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            await PostUntilKilledAsync(20 + (37 * (cycle % 16)));
        }

        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path, Settings);
        using var client = opsmeter.Client();
        while (_unanswered.TryDequeue(out var number))
        {
            await PostAsync(client, number);
        }

        _acknowledged.Keys.Should().BeEquivalentTo(_answered.Keys);
        output.WriteLine($"{_answered.Count:N0} rows, {_alreadyThere:N0} of the repeated ones were already there");
        _answered.Count.Should().BeGreaterThan(Cycles * Senders, "the server has to be killed while it is busy");
        var spent = Usd.FromDollars(_answered.Values.Sum());

        await AgainAsync(client);
        var state = (await client.ReadAsync("/v1/budgets/state"))["items"].EnumerateArray().Single();
        state.GetProperty("spentUsd").GetDecimal().Should().Be(spent.Dollars);
        state.GetProperty("requests").GetInt64().Should().Be(_answered.Count);
        var report = (await client.ReadAsync("/v1/reports/spend?from=now-7d&to=now"))["totals"];
        report.GetProperty("costUsd").GetDecimal().Should().Be(spent.Dollars);
        report.GetProperty("requests").GetInt64().Should().Be(_answered.Count);
        await AddsUpAsync(client, "endpointTag", spent);
        await AddsUpAsync(client, "userId", spent);

        await opsmeter.KillAsync();
        await LedgerAsync(spent);
    }

    private static string Row(int number) => RowText.Of(
        Id(number), endpoint: $"endpoint.{number % 7}", input: 1000 + number, output: number % 300, user: $"user_{number % 23}");

    private static string Id(int number) => "req_" + number.ToString(CultureInfo.InvariantCulture);

    private async Task BudgetAsync()
    {
        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path, Settings);
        using var client = opsmeter.Client();
        var made = await client.PostAsync(
            "/v1/budgets",
            $$"""{"name":"All","limitUsd":0.01,"window":{"kind":"total"},"owner":"{{OpsmeterProcess.AdminEmail}}","escalation":"default"}""");
        made.Status.Should().Be(201, made.Text);
        await opsmeter.KillAsync();
    }

    // The kill follows an answer at once: were that answer given before the row is on disk, this is when it would show.
    private async Task PostUntilKilledAsync(int answers)
    {
        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path, Settings);
        using var client = opsmeter.Client();
        (_victim, _untilKill) = (opsmeter, answers);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(() => SendAsync(client))));
        _victim = null;
        await opsmeter.KillAsync();
    }

    private async Task SendAsync(HttpClient client)
    {
        while (true)
        {
            var number = _unanswered.TryDequeue(out var again) ? again : Interlocked.Increment(ref _next);
            try
            {
                await PostAsync(client, number);
            }
            catch (HttpRequestException)
            {
                _unanswered.Enqueue(number);
                return;
            }
        }
    }

    private async Task PostAsync(HttpClient client, int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/ingest/llm-request") { Content = new StringContent(Row(number), null, "application/json") };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        var isRepeated = !_acknowledged.TryAdd(number, true);
        if (Interlocked.Decrement(ref _untilKill) == 0)
        {
            _victim?.Kill();
        }

        JsonElement body;
        try
        {
            body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        }
        catch (IOException error)
        {
            throw new HttpRequestException("Cut off.", error);
        }

        var isDuplicate = body.GetProperty("duplicate").GetBoolean();
        (isDuplicate || !isRepeated).Should().BeTrue("row {0} was acknowledged, so it has to be there", number);
        Interlocked.Add(ref _alreadyThere, isDuplicate ? 1 : 0);
        _answered.TryAdd(number, body.GetProperty("costUsd").GetDecimal()).Should().BeTrue();
    }

    // Sending everything once more finds everything there.
    private async Task AgainAsync(HttpClient client)
    {
        foreach (var chunk in _answered.Keys.Chunk(5_000))
        {
            var answer = await client.PostAsync("/v1/ingest/llm-requests", string.Join('\n', chunk.Select(Row).Select(OneLine)), "application/x-ndjson");
            answer.Status.Should().Be(200, answer.Text);
            answer["duplicates"].GetInt32().Should().Be(chunk.Length);
            answer["accepted"].GetInt32().Should().Be(0);
        }
    }

    private async Task LedgerAsync(Usd spent)
    {
        var options = new DbContextOptionsBuilder<OpsmeterDb>().UseSqlite($"Data Source={Path.Combine(_folder.Path, "data", "opsmeter.db")}").Options;
        await using var db = new OpsmeterDb(options);

        var ids = await db.Requests.Select(row => row.ExternalId).ToListAsync();
        ids.Should().OnlyHaveUniqueItems().And.BeEquivalentTo(_answered.Keys.Select(Id));
        (await db.Requests.SumAsync(row => row.CostNano)).Should().Be(spent.Nano);
        (await db.Segments.CountAsync()).Should().BePositive("some rows have to be in segments, or this proves nothing of them");

        var meter = await db.Meters.SingleAsync();
        meter.PricedNano.Should().Be(spent.Nano);
        meter.Requests.Should().Be(_answered.Count);
        (await db.Transitions.Select(row => new { row.ToState, row.ToConfirmed }).ToListAsync()).Should().OnlyHaveUniqueItems("each threshold is passed once");
    }

    // By endpoint from cells, by user from rows: both are kept in segments.
    private async Task AddsUpAsync(HttpClient client, string dimension, Usd spent)
    {
        var rows = (await client.ReadAsync($"/v1/reports/spend?from=now-7d&to=now&groupBy={dimension}"))["rows"].EnumerateArray().ToArray();
        rows.Sum(row => row.GetProperty("costUsd").GetDecimal()).Should().Be(spent.Dollars);
        rows.Sum(row => row.GetProperty("requests").GetInt64()).Should().Be(_answered.Count);
    }

    private static string OneLine(string row) => row.ReplaceLineEndings(" ");
}
