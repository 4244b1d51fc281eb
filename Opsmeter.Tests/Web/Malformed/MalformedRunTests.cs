using System.Diagnostics;
using System.Globalization;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Malformed;

/// <summary>
/// Thousands of malformed requests to every route of a running server that reads a body. OPSMETER_MALFORMED sets how many,
/// 100000 is the long run; OPSMETER_MALFORMED_SEED repeats one that failed.
/// </summary>
public sealed class MalformedRunTests(ITestOutputHelper output) : IDisposable
{
    // What the runtime may still take once everything has run; a leak of a kilobyte a request passes it in a long run.
    private const double MostGrowthMb = 64;
    private const int UsualSeed = 20261123;

    // A channel needs an address that may be called; nothing listens there, and nothing is sent.
    private static readonly Dictionary<string, string> Settings = new(OpsmeterProcess.UsualSettings) { ["Alerts__AllowedAddresses"] = "127.0.0.1/32" };

    private readonly TestFolder _folder = new();

    private static int Count => Number("OPSMETER_MALFORMED", 2_000);

    private static int Seed => Number("OPSMETER_MALFORMED_SEED", UsualSeed);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Requests_ThatAreMalformed_AreRefusedSoonAndLeaveNothingBehind()
    {
        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path, Settings);
        using var run = new MalformedRun(opsmeter, Seed);
        await run.OpenAsync();
        await run.SendAsync(Count / 5);
        var warm = opsmeter.MemoryMb();
        var clock = Stopwatch.StartNew();
        await run.SendAsync(Count - (Count / 5));
        var (took, end) = (clock.Elapsed, opsmeter.MemoryMb());
        await run.AgainAsync();

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Count:N0} requests, seed {Seed}, {took.TotalSeconds:0} s; {Text(run.Statuses)}; raw {Text(run.RawStatuses)}; longest {run.Longest.TotalMilliseconds:0} ms, {run.Slow.Count} slow once; memory {warm:0} to {end:0} MB"));
        run.Faults.Should().BeEmpty();
        opsmeter.Log.Should().NotContain("unexpectedly", $"seed {Seed}");

        // What a key or a limit stops never reaches a reader.
        run.Statuses.Keys.Should().NotContain([401, 403, 429], $"seed {Seed}");
        run.Refused.Values.Sum().Should().BeGreaterThan(Count / 2);
        run.Refused.Keys.Should().BeEquivalentTo(MalformedRoutes.All.Select(route => route.Route));
        run.Statuses.GetValueOrDefault(0).Should().BeLessThan(Count / 100, "what is well enveloped is answered, unless the answer is sooner than the body");
        (end - warm).Should().BeLessThan(MostGrowthMb, $"seed {Seed}");
    }

    private static string Text(IEnumerable<KeyValuePair<int, int>> statuses) => string.Join(", ", statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value:N0}"));

    private static int Number(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : usual;
}
