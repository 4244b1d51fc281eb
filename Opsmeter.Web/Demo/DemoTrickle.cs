using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Demo;

/// <summary>
/// The live traffic after the month: about two requests a second, and one endpoint that runs away. Ask it again and again
/// with the time; the same questions give the same requests. Not thread-safe.
/// </summary>
public sealed class DemoTrickle
{
    /// <summary>Usual requests in a second.</summary>
    public const double PerSecond = 2;

    // At full size two a second would be a spike of its own against a month of seven a minute.
    private const int SmallerBy = 8;
    private static readonly TimeSpan MostAtOnce = TimeSpan.FromSeconds(30);

    private readonly DemoSampler _sampler;
    private readonly DateTimeOffset _startedAt;
    private readonly Usd _atStart;
    private readonly Usd _limit;
    private readonly string _prefix;
    private DateTimeOffset _last;
    private double _owed;
    private int _number;

    /// <summary>Starts the trickle.</summary>
    /// <param name="seed">The seed of the month before it, for the same tenants.</param>
    /// <param name="startedAt">When it starts.</param>
    /// <param name="atStart">What the runaway's budget had spent then.</param>
    /// <param name="limit">That budget's limit.</param>
    public DemoTrickle(int seed, DateTimeOffset startedAt, Usd atStart, Usd limit)
    {
        // Another start asks for other requests: their ids must not repeat.
        _sampler = new DemoSampler(seed, unchecked((int)startedAt.UtcTicks));
        _prefix = "demo_live_" + startedAt.ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture) + "_";
        _startedAt = _last = startedAt;
        _atStart = atStart;
        _limit = limit;
    }

    /// <summary>The requests since the last call, in order of time.</summary>
    /// <param name="now">The time; earlier than before gives none.</param>
    /// <param name="spent">What the runaway's budget has spent by now.</param>
    public IReadOnlyList<LlmRequest> Next(DateTimeOffset now, Usd spent)
    {
        var from = now - _last > MostAtOnce ? now - MostAtOnce : _last;
        if (now <= from)
        {
            return [];
        }

        _last = now;
        _owed += (now - from).TotalSeconds * PerSecond;
        var usual = (int)_owed;
        _owed -= usual;
        var requests = new List<LlmRequest>(usual);
        for (var each = 1; each <= usual; each++)
        {
            requests.Add(Usual(from + ((now - from) * (each / (double)usual))));
        }

        requests.AddRange(DemoRunaway.Due(_atStart, spent, _limit, now - _startedAt)
            .Select(usage => _sampler.Runaway(Id(), now, DemoCompany.LiveVersion, usage)));
        return requests;
    }

    private LlmRequest Usual(DateTimeOffset at)
    {
        // The runaway's endpoint is left to the runaway, so that its budget follows one course.
        LlmRequest request;
        do
        {
            request = _sampler.Usual("", at, 1, DemoCompany.FixedVersion);
        }
        while (request.EndpointTag.StartsWith("agents.", StringComparison.Ordinal));

        var usage = request.Usage;
        return request with
        {
            ExternalRequestId = Id(),
            Usage = new TokenUsage(Math.Max(1, usage.Input / SmallerBy), usage.Output / SmallerBy, usage.Cached / SmallerBy),
        };
    }

    private string Id() => _prefix + (++_number).ToString("D6", CultureInfo.InvariantCulture);
}
