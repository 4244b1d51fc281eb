using System.Collections.Concurrent;
using Opsmeter.Tests.Support;

namespace Opsmeter.Tests.Browser;

/// <summary>An app that reports a call every tenth of a second, a cent each, and remembers when it was answered.</summary>
internal sealed class LiveTraffic : IAsyncDisposable
{
    /// <summary>What a call costs.</summary>
    public const decimal Each = 0.01m;

    // Enough for a minute: a test that hangs does not fill the disk.
    private const int Most = 600;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<(DateTimeOffset Sent, DateTimeOffset Answered)> _calls = new();
    private readonly Task _running;
    private int _sent;

    public LiveTraffic(HttpClient app) => _running = RunAsync(app);

    /// <summary>How many calls had been sent by then: no page can have shown more.</summary>
    public int SentBy(DateTimeOffset moment) => Math.Min(_sent, _calls.Count(call => call.Sent <= moment) + 1);

    /// <summary>How many had been answered by then: a live page shows no less a moment later.</summary>
    public int AnsweredBy(DateTimeOffset moment) => _calls.Count(call => call.Answered <= moment);

    /// <summary>Ends it and waits for the last answer.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(HttpClient app)
    {
        using var timer = new PeriodicTimer(Every, TimeProvider.System);
        try
        {
            while (_sent < Most && await timer.WaitForNextTickAsync(_stop.Token))
            {
                var sent = TimeProvider.System.GetUtcNow();

                // gpt-5-mini costs $0.25 per million input tokens.
                var answer = await app.PostAsync("/v1/ingest/llm-request", RowText.Of($"live_{_sent++}", user: "someone", input: 40_000, output: 0));
                if (answer.Status != 200)
                {
                    throw new InvalidOperationException(answer.Text);
                }

                _calls.Enqueue((sent, TimeProvider.System.GetUtcNow()));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped, as every run is.
        }
    }
}
