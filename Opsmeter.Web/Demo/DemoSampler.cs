using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Demo;

/// <summary>
/// Draws single requests of the invented company. The same seed and the same calls give the same requests; not
/// thread-safe.
/// </summary>
public sealed class DemoSampler
{
    private const double UnpricedShare = 0.005;
    private const double ErrorShare = 0.007;
    private const double StagingShare = 0.02;
    private const double DemoShare = 0.01;
    private static readonly string[] ErrorCodes = ["rate_limited", "timeout", "overloaded", "context_length_exceeded"];

    private readonly Random _random;
    private readonly DemoTenants _tenants;
    private readonly double[] _endpoints = Cumulative([.. DemoCompany.Endpoints.Select(endpoint => endpoint.Share)]);
    private readonly double[][] _models =
        [.. DemoCompany.Endpoints.Select(endpoint => Cumulative([.. endpoint.Models.Select(model => model.Weight)]))];

    /// <summary>Creates a sampler.</summary>
    /// <param name="tenantSeed">Which customers exist; the same for history and live traffic.</param>
    /// <param name="seed">Which requests are drawn.</param>
    public DemoSampler(int tenantSeed, int seed)
    {
        _tenants = new DemoTenants(new Random(tenantSeed));
        _random = new Random(seed);
    }

    /// <summary>The random numbers it draws from.</summary>
    public Random Random => _random;

    /// <summary>The customers.</summary>
    public DemoTenants Tenants => _tenants;

    /// <summary>Draws a request of usual traffic.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="at">When it occurs.</param>
    /// <param name="elapsed">The part of the month gone by, which decides prompt versions.</param>
    /// <param name="runawayVersion">The prompt version of the runaway endpoint, where the story has one.</param>
    public LlmRequest Usual(string id, DateTimeOffset at, double elapsed, string? runawayVersion)
    {
        var index = Pick(_endpoints, _random);
        var endpoint = DemoCompany.Endpoints[index];
        var model = _random.NextDouble() < UnpricedShare
            ? DemoCompany.Unpriced
            : endpoint.Models[Pick(_models[index], _random)];
        var version = endpoint.Tag == DemoCompany.Runaway ? runawayVersion : null;
        var (tenant, user) = endpoint.HasTenant ? _tenants.Pick(_random) : (null, null);
        var usage = new TokenUsage(Tokens(endpoint.InputTokens, endpoint.Spread), Tokens(endpoint.OutputTokens, endpoint.Spread));
        if (endpoint.Cached > 0 && _random.NextDouble() < 0.8)
        {
            usage = usage with { Cached = (long)(usage.Input * Math.Min(0.95, endpoint.Cached * 1.25 * (0.6 + (0.8 * _random.NextDouble())))) };
        }

        return Finish(new LlmRequest
        {
            ExternalRequestId = id,
            Provider = model.Provider,
            Model = model.Name,
            EndpointTag = endpoint.Tag,
            PromptVersion = version ?? endpoint.VersionAt(elapsed),
            TenantId = tenant,
            UserId = user,
            Usage = usage,
            OccurredAt = at,
        });
    }

    /// <summary>Draws a request of the runaway: long contexts, long answers, mostly one tenant.</summary>
    public LlmRequest Runaway(string id, DateTimeOffset at, string version, TokenUsage usage)
    {
        var (tenant, user) = _random.NextDouble() < 0.75 ? _tenants.PickLoud(_random) : _tenants.Pick(_random);
        return new LlmRequest
        {
            ExternalRequestId = id,
            Provider = "openai",
            Model = DemoCompany.RunawayModel,
            EndpointTag = DemoCompany.Runaway,
            PromptVersion = version,
            TenantId = tenant,
            UserId = user,
            Usage = usage,
            LatencyMs = Latency(usage.Output),
            OccurredAt = at,
        };
    }

    /// <summary>A log-normal number of tokens, at least 1.</summary>
    /// <param name="median">The median.</param>
    /// <param name="spread">The standard deviation of the logarithm.</param>
    public long Tokens(double median, double spread) => Math.Max(1, (long)(median * Math.Exp(spread * Normal())));

    /// <summary>A Poisson number, by its normal approximation where the mean is large.</summary>
    public int Count(double mean)
    {
        if (mean > 30)
        {
            return Math.Max(0, (int)Math.Round(mean + (Math.Sqrt(mean) * Normal())));
        }

        var count = 0;
        for (var left = Math.Exp(-mean); _random.NextDouble() is var draw && (left /= Math.Max(draw, double.Epsilon)) < 1;)
        {
            count++;
        }

        return count;
    }

    /// <summary>Running sums of weights, scaled to end at 1.</summary>
    public static double[] Cumulative(IReadOnlyList<double> weights)
    {
        var sum = weights.Sum();
        var running = 0.0;
        return [.. weights.Select(weight => (running += weight) / sum)];
    }

    /// <summary>An index, as often as its weight says.</summary>
    public static int Pick(double[] cumulative, Random random)
    {
        var found = Array.BinarySearch(cumulative, random.NextDouble());
        return Math.Min(found < 0 ? ~found : found + 1, cumulative.Length - 1);
    }

    private LlmRequest Finish(LlmRequest request)
    {
        request = request with
        {
            LatencyMs = Latency(request.Usage.Output),
            Environment = _random.NextDouble() < StagingShare ? DeploymentEnvironment.Staging : DeploymentEnvironment.Prod,
            DataMode = _random.NextDouble() < DemoShare ? DataMode.Demo : DataMode.Real,
        };

        // A failed call was read but not answered.
        return _random.NextDouble() < ErrorShare
            ? request with
            {
                IsError = true, ErrorCode = ErrorCodes[_random.Next(ErrorCodes.Length)], Usage = request.Usage with { Output = 0 },
            }
            : request;
    }

    private int Latency(long output) =>
        (int)Math.Min(600_000, (280 + (output * 11.0)) * Math.Exp(0.35 * Normal()));

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
