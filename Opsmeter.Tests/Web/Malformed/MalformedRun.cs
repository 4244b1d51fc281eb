using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Opsmeter.Tests.Support;

namespace Opsmeter.Tests.Web.Malformed;

/// <summary>Sends made requests to a running server with a key that may do everything, and counts what comes back.</summary>
internal sealed class MalformedRun(OpsmeterProcess opsmeter, int seed) : IDisposable
{
    private const int Senders = 4;
    private const int RawEvery = 20;
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(1);
    private readonly HttpClient _client = opsmeter.Client();
    private readonly MalformedMaker _maker = new(seed);
    private MalformedObjects _objects = null!;
    private int _next;

    /// <summary>Answers by status; 0 stands for a connection that was closed without one.</summary>
    public ConcurrentDictionary<int, int> Statuses { get; } = new();

    /// <summary>The same for requests whose envelope may be broken too; so may be the key, and 0 is no wonder.</summary>
    public ConcurrentDictionary<int, int> RawStatuses { get; } = new();

    /// <summary>Refusals by a reader, 400, 413 or 415, by route.</summary>
    public ConcurrentDictionary<string, int> Refused { get; } = new();

    /// <summary>What must not be: answers of 500 and above, and requests that always take longer than a second.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>The longest that an answer took.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Requests that took longer than a second, on a machine that may have been busy with something else.</summary>
    public ConcurrentQueue<int> Slow { get; } = new();

    /// <summary>Makes one of everything that a route names.</summary>
    public async Task OpenAsync() => _objects = await MalformedObjects.MakeAsync(_client);

    /// <summary>Sends the next requests.</summary>
    /// <param name="count">How many.</param>
    public async Task SendAsync(int count)
    {
        var end = _next + count;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref _next) - 1 is var number && number < end)
            {
                await OneAsync(number);
            }
        })));
        _next = end;
    }

    /// <summary>Sends what was slow again, alone and three times at most: the request was slow, or the machine busy.</summary>
    public async Task AgainAsync()
    {
        foreach (var number in Slow)
        {
            var fastest = TimeSpan.MaxValue;
            for (var attempt = 0; attempt < 3 && fastest >= Hang; attempt++)
            {
                var took = (await TimedAsync(number)).Took;
                fastest = took < fastest ? took : fastest;
            }

            if (fastest >= Hang)
            {
                Faults.Enqueue(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, number {number}: {fastest.TotalSeconds:0.0} s at best"));
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private async Task OneAsync(int number)
    {
        var (status, took, what) = await TimedAsync(number);
        (number % RawEvery == 0 ? RawStatuses : Statuses).AddOrUpdate(status, 1, (_, count) => count + 1);
        if (status >= 500)
        {
            Faults.Enqueue($"seed {seed}, number {number}, {what}: {status}");
        }

        if (took >= Hang)
        {
            Slow.Enqueue(number);
        }

        lock (Slow)
        {
            Longest = took > Longest ? took : Longest;
        }
    }

    private async Task<(int Status, TimeSpan Took, string What)> TimedAsync(int number)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            if (number % RawEvery == 0)
            {
                var raw = await RawConnection.SendAsync(opsmeter.Address, _maker.MakeRaw(number, OpsmeterProcess.ApiKey), ends: true);
                return (raw.Status, clock.Elapsed, "raw");
            }

            var (route, body) = _maker.Make(number);
            using var request = Request(route, body);
            using var answer = await _client.SendAsync(request);
            var took = clock.Elapsed;
            if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType)
            {
                Refused.AddOrUpdate(route.Route, 1, (_, count) => count + 1);
            }

            await TakeAwayAsync(answer);
            return ((int)answer.StatusCode, took, $"{route} with {body.Name}");
        }
        catch (Exception gone) when (gone is HttpRequestException or TimeoutException)
        {
            // A body that is refused early may find the connection closed; a server that is gone fails everything that follows.
            return (0, clock.Elapsed, gone.Message);
        }
    }

    private HttpRequestMessage Request(MalformedRoute route, MalformedBody body)
    {
        var request = new HttpRequestMessage(new HttpMethod(route.Method), _objects.PathOf(route)) { Content = new ByteArrayContent(body.Bytes) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", body.Type);
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", body.Encoding);
        return request;
    }

    // Some of them are good after all; what they made goes again, so that the server has as much to do at the end as at the start.
    private async Task TakeAwayAsync(HttpResponseMessage answer)
    {
        if (answer is { StatusCode: HttpStatusCode.Created, Headers.Location: { } made })
        {
            using var gone = await _client.DeleteAsync(made);
        }
    }
}
