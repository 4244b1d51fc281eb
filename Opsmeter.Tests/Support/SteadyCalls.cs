using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Opsmeter.Tests.Support;

/// <summary>
/// Posts at a steady rate whether or not earlier calls were answered, and counts each from the moment it was due: a server
/// that stalls is not spared the calls it kept waiting.
/// </summary>
internal static class SteadyCalls
{
    /// <summary>Calls for a while, and waits for the answers.</summary>
    /// <param name="client">Who calls.</param>
    /// <param name="path">Where to.</param>
    /// <param name="bodyOf">The body of a call, by its number.</param>
    /// <param name="perSecond">Calls a second.</param>
    /// <param name="duration">For how long.</param>
    /// <returns>How long each took, in milliseconds, and its status; 0 where it was not answered.</returns>
    public static async Task<IReadOnlyCollection<(double Ms, int Status)>> RunAsync(
        HttpClient client, string path, Func<int, string> bodyOf, int perSecond, TimeSpan duration)
    {
        var answers = new ConcurrentBag<(double, int)>();
        var calls = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < perSecond * duration.TotalSeconds; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / perSecond);
            if (due - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early)
            {
                await Task.Delay(early, TimeProvider.System);
            }

            calls.Add(CallAsync(bodyOf(i), due));
        }

        await Task.WhenAll(calls);
        return answers;

        async Task CallAsync(string body, TimeSpan due)
        {
            var status = 0;
            try
            {
                using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
                using var answer = await client.PostAsync(path, content);
                status = (int)answer.StatusCode;
            }
            catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException)
            {
            }

            answers.Add(((Stopwatch.GetElapsedTime(started) - due).TotalMilliseconds, status));
        }
    }
}
