using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench.Faults;

/// <summary>
/// What senders know: which rows were answered with what cost, and which are to be sent again under the same id. In the end
/// it is compared with the server's: every answered row is there once, and nothing else is.
/// </summary>
internal sealed class ClientLedger
{
    private const int RowsInBatch = 5_000;
    private readonly ConcurrentDictionary<int, decimal> _costs = new();
    private readonly ConcurrentQueue<int> _unanswered = new();
    private int _next;
    private int _retried;
    private int _foundStored;
    private int _refused;

    /// <summary>How many rows were answered 2xx.</summary>
    public int Answered => _costs.Count;

    /// <summary>How many were sent again because no answer came.</summary>
    public int Retried => _retried;

    /// <summary>How many of these were there already.</summary>
    public int FoundStored => _foundStored;

    /// <summary>How many times the server said 503.</summary>
    public int Refused => _refused;

    /// <summary>Answers that were neither 2xx nor 503.</summary>
    public ConcurrentQueue<string> Wrong { get; } = new();

    /// <summary>The rows that are answered up to now.</summary>
    public int[] Snapshot() => [.. _costs.Keys];

    /// <summary>Sends rows one by one, as many at a time as there are senders, until told to stop or the server is gone.</summary>
    /// <param name="client">A client with a key.</param>
    /// <param name="senders">How many at a time.</param>
    /// <param name="isOver">Asked after each answer.</param>
    public Task SendAsync(HttpClient client, int senders, Func<int, bool> isOver)
    {
        var answers = 0;
        return Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var isAgain = _unanswered.TryDequeue(out var number);
                number = isAgain ? number : Interlocked.Increment(ref _next);
                try
                {
                    if (!await SendOneAsync(client, number, isAgain))
                    {
                        _unanswered.Enqueue(number);
                        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
                    }
                }
                catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException or JsonException)
                {
                    _unanswered.Enqueue(number);
                    return;
                }

                if (isOver(Interlocked.Increment(ref answers)))
                {
                    return;
                }
            }
        })));
    }

    /// <summary>Sends what is unanswered until it is answered.</summary>
    public async Task SendRestAsync(HttpClient client)
    {
        while (_unanswered.TryDequeue(out var number))
        {
            if (!await SendOneAsync(client, number, isAgain: true))
            {
                _unanswered.Enqueue(number);
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    /// <summary>Compares with the server: all answered rows are there once, nothing else is, and every sum agrees.</summary>
    /// <param name="opsmeter">It runs; it is stopped to read its file.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="answered">The rows that must be there; all of them unless given.</param>
    /// <param name="reported">How many rows its report counted; null where that is not compared.</param>
    /// <returns>What is wrong; empty where nothing is.</returns>
    public async Task<List<string>> CompareAsync(OpsmeterProcess opsmeter, string folder, int[]? answered = null, long? reported = null)
    {
        var wrong = new List<string>();
        using (var client = opsmeter.Client())
        {
            if (answered is null)
            {
                await SendRestAsync(client);
                await SumsAsync(client, wrong);
            }
        }

        await opsmeter.StopAsync();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "data", "opsmeter.db")};Pooling=False");
        connection.Open();
        var stored = Read(connection, "SELECT external_id, cost_nano FROM requests WHERE disposition = 0").ToLookup(row => row.Id, row => row.Cost);
        var expected = answered ?? [.. _costs.Keys];
        Add(wrong, "lost", expected.Where(number => !stored.Contains(Id(number))).Select(Id));
        Add(wrong, "double", stored.Where(row => row.Count() > 1).Select(row => row.Key));
        var sent = Enumerable.Range(1, _next).Select(Id).ToHashSet(StringComparer.Ordinal);
        Add(wrong, "ghosts", stored.Select(row => row.Key).Where(id => !sent.Contains(id)));
        Add(wrong, "of another cost", expected.Where(number => stored.Contains(Id(number)) && stored[Id(number)].First() != (long)(_costs[number] * 1_000_000_000)).Select(Id));
        if (reported is { } counted && counted != stored.Count)
        {
            wrong.Add($"the report counts {counted} rows, the file has {stored.Count}");
        }

        if (Scalar(connection, "PRAGMA integrity_check(1)") is not "ok")
        {
            wrong.Add("the file is damaged");
        }

        return wrong;
    }

    /// <summary>The JSON of a row.</summary>
    public static string Row(int number) => RowText.Of(
        Id(number), endpoint: $"endpoint.{number % 7}", input: 1_000 + number, output: number % 300, user: $"user_{number % 23}");

    private static string Id(int number) => "req_" + number.ToString(CultureInfo.InvariantCulture);

    // True once it is answered 2xx.
    private async Task<bool> SendOneAsync(HttpClient client, int number, bool isAgain)
    {
        using var answer = await client.PostAsync(new Uri("/v1/ingest/llm-request", UriKind.Relative), new StringContent(Row(number), null, "application/json"));
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            Interlocked.Increment(ref _refused);
            if (answer.Headers.RetryAfter is null)
            {
                Wrong.Enqueue("a 503 without Retry-After");
            }

            return false;
        }

        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
        {
            Wrong.Enqueue($"{(int)answer.StatusCode} {text}");
            return false;
        }

        using var body = JsonDocument.Parse(text);
        var isDuplicate = body.RootElement.GetProperty("duplicate").GetBoolean();
        Interlocked.Add(ref _retried, isAgain ? 1 : 0);
        Interlocked.Add(ref _foundStored, isAgain && isDuplicate ? 1 : 0);
        if (!isAgain && isDuplicate)
        {
            Wrong.Enqueue($"{Id(number)} was there before it was sent");
        }

        _costs.TryAdd(number, body.RootElement.GetProperty("costUsd").GetDecimal());
        return true;
    }

    private async Task SumsAsync(HttpClient client, List<string> wrong)
    {
        // Everything once more: all of it is there.
        foreach (var chunk in _costs.Keys.Chunk(RowsInBatch))
        {
            var answer = await client.PostAsync("/v1/ingest/llm-requests", string.Join('\n', chunk.Select(number => Row(number).ReplaceLineEndings(" "))), "application/x-ndjson");
            if (answer["duplicates"].GetInt32() != chunk.Length)
            {
                wrong.Add($"{chunk.Length - answer["duplicates"].GetInt32()} of {chunk.Length} were not there: {answer.Text[..Math.Min(300, answer.Text.Length)]}");
            }
        }

        var totals = (await client.ReadAsync("/v1/reports/spend?from=now-7d&to=now"))["totals"];
        Same(wrong, "the report", totals.GetProperty("requests").GetInt64(), totals.GetProperty("costUsd").GetDecimal());
        foreach (var budget in (await client.ReadAsync("/v1/budgets/state"))["items"].EnumerateArray())
        {
            Same(wrong, "the budget", budget.GetProperty("requests").GetInt64(), budget.GetProperty("spentUsd").GetDecimal());
        }
    }

    private void Same(List<string> wrong, string what, long requests, decimal cost)
    {
        if (requests != _costs.Count || cost != _costs.Values.Sum())
        {
            wrong.Add($"{what} says {requests} requests for {cost} USD, the senders {_costs.Count} for {_costs.Values.Sum()}");
        }
    }

    private static void Add(List<string> wrong, string what, IEnumerable<string> ids)
    {
        if (ids.ToArray() is { Length: > 0 } all)
        {
            wrong.Add($"{all.Length} {what}, such as {all[0]}");
        }
    }

    private static IEnumerable<(string Id, long? Cost)> Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return (reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetInt64(1));
        }
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
