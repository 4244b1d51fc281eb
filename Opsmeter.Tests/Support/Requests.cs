using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Tests.Support;

/// <summary>Builds requests that read like a sentence.</summary>
internal sealed class Requests
{
    private static int _next;

    private LlmRequest _request;

    private Requests(LlmRequest request) => _request = request;

    public static Requests Of(string model, string provider = "openai") => new(new LlmRequest
    {
        ExternalRequestId = $"req_{Interlocked.Increment(ref _next):D8}",
        Provider = provider,
        Model = model,
        EndpointTag = "chat.reply",
        PromptVersion = "v1",
        Usage = new TokenUsage(1_000, 500),
        LatencyMs = 800,
        OccurredAt = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero),
    });

    public Requests Tokens(long input, long output) => With(request => request with { Usage = new TokenUsage(input, output) });

    public Requests By(string endpointTag) => With(request => request with { EndpointTag = endpointTag });

    public Requests From(string? tenantId, string? userId = null) =>
        With(request => request with { TenantId = tenantId, UserId = userId });

    public Requests At(string instant) => At(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));

    public Requests At(DateTimeOffset instant) => With(request => request with { OccurredAt = instant.ToUniversalTime() });

    public LlmRequest Build() => _request;

    /// <summary>The request as a row that costs so many dollars, whatever its model.</summary>
    public PricedRow Costing(decimal dollars) => new(_request, _request.Provider, Usd.FromDollars(dollars));

    /// <summary>The request as a row without a price.</summary>
    public PricedRow Unpriced() => new(_request, _request.Provider, null);

    private Requests With(Func<LlmRequest, LlmRequest> change)
    {
        _request = change(_request);
        return this;
    }
}
