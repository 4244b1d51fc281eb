using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Opsmeter.Tests.Support;

namespace Opsmeter.Tests.Faults;

/// <summary>
/// Many callers against one hard, immediate cap: each asks with an estimate and, where let through, reports what its call
/// really took. Keeps when everything was sent and answered, to be judged by a model that knows nothing of the engine.
/// </summary>
/// <param name="seed">Makes the same calls again.</param>
/// <param name="callers">How many, all at once.</param>
/// <param name="exceeds">True where some calls take more than was estimated.</param>
internal sealed class HoldTrial(int seed, int callers, bool exceeds)
{
    private const decimal InputPrice = 0.25m / 1_000_000;
    private const decimal OutputPrice = 2m / 1_000_000;

    private readonly ConcurrentBag<Call> _calls = [];

    /// <summary>Everything that was asked.</summary>
    public IReadOnlyCollection<Call> Calls => _calls;

    /// <summary>What the calls that were let through took, in USD.</summary>
    public decimal Spent => _calls.Where(call => call.IsReported).Sum(call => call.Actual);

    /// <summary>How much more than estimated they took.</summary>
    public decimal Over => _calls.Where(call => call.IsReported).Sum(call => Math.Max(0, call.Actual - call.Estimate));

    /// <summary>The calls, of about 60 cents on average.</summary>
    public IReadOnlyList<Call> Plan()
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, callers).Select(number =>
            {
                var (input, most) = (random.Next(1_000, 400_000), random.Next(1_000, 500_000));
                var output = exceeds && random.Next(4) == 0 ? most + random.Next(1_000, 200_000) : random.Next(0, most);
                return new Call($"trial_{seed}_{number}", input, most, output);
            }),
        ];
    }

    /// <summary>Sends them all at once.</summary>
    public Task RunAsync(HttpClient client) => Task.WhenAll(Plan().Select(call => Task.Run(() => OneAsync(client, call))));

    /// <summary>Asks, and reports what was let through.</summary>
    public async Task OneAsync(HttpClient client, Call call)
    {
        call.AskSent = Stopwatch.GetTimestamp();
        var answer = await client.PostAsync("/v1/decisions", call.Question);
        call.Take(answer.Body, Stopwatch.GetTimestamp());
        _calls.Add(call);
        if (!call.IsBlocked)
        {
            await ReportAsync(client, call);
        }
    }

    /// <summary>Keeps a call that was asked for elsewhere.</summary>
    public void Keep(Call call) => _calls.Add(call);

    /// <summary>Reports a call.</summary>
    public static async Task ReportAsync(HttpClient client, Call call)
    {
        var stored = await client.PostAsync("/v1/ingest/llm-request", RowText.Of(call.Id, endpoint: "agents.plan", input: call.Input, output: call.Output));
        if (stored.Status != 200)
        {
            throw new InvalidOperationException(stored.Text);
        }

        (call.IsReported, call.ReportAnswered) = (true, Stopwatch.GetTimestamp());
    }

    /// <summary>
    /// The refusals for which there was room whatever the order: counting every call that can have been let through before
    /// the refusal was answered, at the most that it can have taken up by then.
    /// </summary>
    public IReadOnlyList<Call> FalseBlocks(decimal limit)
    {
        var through = _calls.Where(call => !call.IsBlocked).ToArray();
        return
        [
            .. _calls.Where(call => call.IsBlocked).Where(blocked => through.Where(call => call.AskSent < blocked.AskAnswered)
                .Sum(call => call.IsReported && call.ReportAnswered < blocked.AskSent ? call.Actual : Math.Max(call.Estimate, call.Actual)) + blocked.Estimate <= limit),
        ];
    }

    /// <summary>One call.</summary>
    internal sealed class Call(string id, int input, int most, int output)
    {
        public string Id => id;

        public int Input => input;

        public int Output => output;

        public decimal Estimate => (input * InputPrice) + (most * OutputPrice);

        public decimal Actual => (input * InputPrice) + (output * OutputPrice);

        public string Question =>
            $$"""{"externalRequestId":"{{id}}","endpointTag":"agents.plan","provider":"openai","model":"gpt-5-mini","estimatedInputTokens":{{input}},"maxOutputTokens":{{most}},"holdSeconds":3600}""";

        public long AskSent { get; set; }

        public long AskAnswered { get; private set; }

        public long ReportAnswered { get; set; }

        public bool IsBlocked { get; private set; }

        public bool IsReported { get; set; }

        public void Take(JsonElement answer, long at) => (IsBlocked, AskAnswered) = (answer.GetProperty("action").GetString() == "block", at);
    }
}
