using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Identity;

namespace Opsmeter.Bench;

/// <summary>What a request with an unknown key costs, and whether its time tells how much of a key is right.</summary>
internal static class KeyChecks
{
    private const int Samples = 100_000;
    private const int ChecksInASample = 4;
    private const int Connections = 64;
    private const int Seconds = 5;
    private const string Body = "{}";
    private const double MostMicroseconds = 50;
    private const double MostNanoseconds = 50;

    /// <summary>Runs and judges.</summary>
    /// <returns>0 when every goal is met.</returns>
    public static async Task<int> RunAsync()
    {
        await using var server = new BenchServer();
        var address = await server.StartAsync();
        return Compare(server.Services.GetRequiredService<KeyRing>()) | await FloodAsync(address);
    }

    // Keys that begin like a real one against keys that begin like none: one of each in turn, the first in either place.
    private static int Compare(KeyRing ring)
    {
        var known = OpsmeterProcess.ApiKey[..^1] + "~";
        var unknown = "opm_nobody00" + known[ApiKeyText.PrefixLength..];
        var now = DateTimeOffset.UnixEpoch;
        var (begun, strange) = (new double[Samples], new double[Samples]);
        for (var at = -Samples / 10; at < Samples; at++)
        {
            var isKnownFirst = (at & 1) == 0;
            var first = Time(isKnownFirst ? known : unknown);
            var second = Time(isKnownFirst ? unknown : known);
            if (at >= 0)
            {
                (begun[at], strange[at]) = isKnownFirst ? (first, second) : (second, first);
            }
        }

        var difference = Figures.Median(begun) - Figures.Median(strange);
        return Figures.Judge(
            "key check, begins like a real one or not", $"{difference:+0.0;-0.0;0.0} ns", $"<= {MostNanoseconds} ns", Math.Abs(difference) <= MostNanoseconds);

        double Time(string key)
        {
            var started = Stopwatch.GetTimestamp();
            for (var check = 0; check < ChecksInASample; check++)
            {
                if (ring.Authenticate(key, now) is not null)
                {
                    throw new InvalidOperationException("A key that nobody has was taken.");
                }
            }

            return Stopwatch.GetElapsedTime(started).TotalNanoseconds / ChecksInASample;
        }
    }

    private static async Task<int> FloodAsync(Uri address)
    {
        await Throughput.LoadAsync(address, "/v1/ingest/llm-request", ApiKeyText.Create(), Body, Connections, 1, rate: 0);
        var before = Environment.CpuUsage.TotalTime;
        var (_, refused, _) = await Throughput.LoadAsync(address, "/v1/ingest/llm-request", ApiKeyText.Create(), Body, Connections, Seconds, rate: 0);
        var each = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / refused;
        Figures.Say("requests with an unknown key", $"{refused / (double)Seconds:N0}/s");
        return Figures.Judge("processor time of one, the server's whole", $"{each:F1} us", $"<= {MostMicroseconds} us", each <= MostMicroseconds);
    }
}
