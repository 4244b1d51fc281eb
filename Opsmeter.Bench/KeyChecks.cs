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
    private const int Seconds = 3;
    private const int Rounds = 3;
    private const double MostOfParsing = 1;
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

        var (real, none) = (Figures.Median(begun), Figures.Median(strange));
        var difference = real - none;
        Figures.Say("key check that begins like a real one, or not", $"{real:N0} ns, {none:N0} ns");
        return Figures.Judge(
            "difference in the middle of 100,000 pairs", $"{difference:+0.0;-0.0;0.0} ns", $"<= {MostNanoseconds} ns", Math.Abs(difference) <= MostNanoseconds);

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
        List<(double Parsed, double Refused)> rounds = [];
        for (var round = -1; round < Rounds; round++)
        {
            var measured = (await EachAsync(BenchServer.Ceiling, OpsmeterProcess.ApiKey, Throughput.Row), await EachAsync("/v1/ingest/llm-request", ApiKeyText.Create(), Throughput.Row));
            if (round >= 0)
            {
                rounds.Add(measured);
            }
        }

        var ratio = Figures.Median(rounds.Select(round => round.Refused / round.Parsed));
        Figures.Say("processor time of a row that is only parsed", $"{Figures.Median(rounds.Select(round => round.Parsed)):F1} us");
        Figures.Say("of a request with an unknown key", $"{Figures.Median(rounds.Select(round => round.Refused)):F1} us");
        return Figures.Judge("the one as a share of the other", $"{ratio:P0}", $"<= {MostOfParsing:P0}", ratio <= MostOfParsing);

        async Task<double> EachAsync(string path, string key, string body)
        {
            var before = Environment.CpuUsage.TotalTime;
            var (answered, refused, _) = await Throughput.LoadAsync(address, path, key, body, Connections, Seconds, rate: 0);
            return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / ((answered * Seconds) + refused);
        }
    }
}
