using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Bench;

/// <summary>
/// A large company's requests, from a seed: endpoints of very different size, each with its models and its prompt versions
/// that follow each other, many users of few tenants, days and nights, and ids in the order of time.
/// </summary>
internal sealed class GeneratedTraffic
{
    public const int Endpoints = 60;
    public const int Users = 20_000;
    public const int Tenants = 400;
    public const int Versions = 200;

    private const string Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static readonly IReadOnlyList<(string Provider, string Model)> Models =
    [
        ("openai", "gpt-5"), ("openai", "gpt-5-mini"), ("openai", "gpt-5-nano"), ("openai", "gpt-4o"), ("openai", "gpt-4o-mini"),
        ("openai", "gpt-4.1"), ("anthropic", "claude-sonnet-4-5"), ("anthropic", "claude-haiku-4-5"), ("anthropic", "claude-opus-4-1"),
        ("google", "gemini-2.5-pro"), ("google", "gemini-2.5-flash"), ("mistral", "mistral-large-latest"),
    ];

    private readonly Random _random;
    private readonly double[] _endpointShares = Shares(Endpoints, 0.9);
    private readonly double[] _userShares = Shares(Users, 0.6);
    private readonly int[][] _models;
    private readonly string[][] _versions;
    private readonly bool _isRandom;

    /// <param name="seed">The same one makes the same traffic.</param>
    /// <param name="isRandom">True for ids in no order.</param>
    public GeneratedTraffic(int seed, bool isRandom = false)
    {
        _isRandom = isRandom;
        _random = new Random(seed);
        _models = [.. Enumerable.Range(0, Endpoints).Select(endpoint => Enumerable.Range(0, 1 + (endpoint % 3)).Select(i => (endpoint + (5 * i)) % Models.Count).ToArray())];

        // Three or four an endpoint, one after the other.
        _versions = [.. Enumerable.Range(0, Endpoints).Select(endpoint =>
            Enumerable.Range(0, (Versions / Endpoints) + (endpoint < Versions % Endpoints ? 1 : 0)).Select(i => $"e{endpoint:00}_v{i + 1}").ToArray())];
    }

    /// <summary>An endpoint's name.</summary>
    public static string Endpoint(int number) => $"team{number % 9}.feature_{number:00}";

    /// <summary>A user's name.</summary>
    public static string User(int number) => $"user_{number:00000}_hash";

    /// <summary>The requests between two instants, in the order of time.</summary>
    public IEnumerable<LlmRequest> Between(DateTimeOffset from, DateTimeOffset to, int count)
    {
        var hours = (int)(to - from).TotalHours;
        var weights = Enumerable.Range(0, hours).Select(hour => Rhythm(from.AddHours(hour))).ToArray();
        var (all, made) = (weights.Sum(), 0.0);
        for (var hour = 0; hour < hours; hour++)
        {
            var before = (long)Math.Round(made / all * count);
            made += weights[hour];
            var requests = (long)Math.Round(made / all * count) - before;
            for (var i = 0; i < requests; i++)
            {
                yield return Request(from.AddHours(hour) + (TimeSpan.FromHours(1) * (i / (double)requests)), (from.AddHours(hour) - from) / (to - from));
            }
        }
    }

    private LlmRequest Request(DateTimeOffset at, double age)
    {
        at = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
        var endpoint = Pick(_endpointShares);
        var user = Pick(_userShares);
        var versions = _versions[endpoint];
        var version = Math.Clamp((int)((age * versions.Length) + ((_random.NextDouble() - 0.5) * 0.1)), 0, versions.Length - 1);
        var model = Models[_models[endpoint][Math.Min(_models[endpoint].Length - 1, _random.Next(4) / 2)]];
        var input = 200 + (int)(Skewed() * 1_500 * (1 + (endpoint % 5)));
        var cached = _random.Next(3) == 0 ? input / 2 : 0;
        var output = 20 + (int)(Skewed() * 350);
        return new LlmRequest
        {
            ExternalRequestId = Id(at),
            Provider = model.Provider,
            Model = model.Model,
            EndpointTag = Endpoint(endpoint),
            PromptVersion = versions[version],
            UserId = User(user),
            TenantId = $"tenant_{user % Tenants:000}",
            ApiKey = "key_1",
            Usage = new TokenUsage(input, output, cached),
            OccurredAt = at,
            LatencyMs = 150 + (int)(Skewed() * 900),
            IsError = _random.Next(200) == 0,
        };
    }

    // As a ULID is made: ten signs of the time, sixteen of chance; or all of them of chance.
    private string Id(DateTimeOffset at)
    {
        Span<char> id = stackalloc char[30];
        "req_".CopyTo(id);
        var time = at.ToUnixTimeMilliseconds();
        for (var i = 13; i >= 4; i--, time >>= 5)
        {
            id[i] = Crockford[(int)(time & 31)];
        }

        for (var i = _isRandom ? 4 : 14; i < id.Length; i++)
        {
            id[i] = Crockford[_random.Next(32)];
        }

        return new string(id);
    }

    private static double Rhythm(DateTimeOffset at)
    {
        var day = at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.4 : 1;
        return day * (0.3 + Math.Max(0, Math.Sin((at.Hour - 6) / 24.0 * 2 * Math.PI)));
    }

    // The product of two: most are small, few are large.
    private double Skewed() => -Math.Log(1 - _random.NextDouble()) * (0.5 + _random.NextDouble());

    private int Pick(double[] shares)
    {
        var found = Array.BinarySearch(shares, _random.NextDouble());
        return Math.Min(found >= 0 ? found : ~found, shares.Length - 1);
    }

    private static double[] Shares(int count, double exponent)
    {
        var weights = Enumerable.Range(1, count).Select(rank => 1 / Math.Pow(rank, exponent)).ToArray();
        var (all, sum) = (weights.Sum(), 0.0);
        return [.. weights.Select(weight => sum += weight / all)];
    }

    /// <summary>Words for a count.</summary>
    public static string Words(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
