using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Tests.Support;

/// <summary>Builds one request; every step gives a new builder, so a half-built one may be shared.</summary>
public sealed record RequestBuilder
{
    private readonly LlmRequest _request;
    private readonly Usd? _cost = Usd.Zero;

    public RequestBuilder(string model, string provider) => _request = new LlmRequest
    {
        ExternalRequestId = "req_1",
        Provider = provider,
        Model = model,
        EndpointTag = "chat.reply",
        PromptVersion = "v1",
        Usage = new TokenUsage(1_000, 500),
        OccurredAt = new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero),
    };

    private RequestBuilder(LlmRequest request, Usd? cost)
    {
        _request = request;
        _cost = cost;
    }

    public RequestBuilder Id(string id) => With(_request with { ExternalRequestId = id });

    public RequestBuilder Tokens(long input, long output) => With(_request with { Usage = new TokenUsage(input, output) });

    public RequestBuilder By(string endpointTag) => With(_request with { EndpointTag = endpointTag });

    public RequestBuilder User(string userId) => With(_request with { UserId = userId });

    public RequestBuilder Tenant(string tenantId) => With(_request with { TenantId = tenantId });

    public RequestBuilder Prompt(string version) => With(_request with { PromptVersion = version });

    public RequestBuilder Key(string apiKey) => With(_request with { ApiKey = apiKey });

    public RequestBuilder In(DeploymentEnvironment environment) => With(_request with { Environment = environment });

    public RequestBuilder Mode(DataMode mode) => With(_request with { DataMode = mode });

    public RequestBuilder At(string instant) => At(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));

    public RequestBuilder At(DateTimeOffset instant) => With(_request with { OccurredAt = instant });

    public RequestBuilder Costing(decimal usd) => new(_request, Usd.FromDollars(usd));

    public RequestBuilder Unpriced() => new(_request, null);

    public LlmRequest Build() => _request;

    /// <summary>The request with its price; free where no cost was stated.</summary>
    public PricedRow Priced() => new(_request, _request.Provider, _cost);

    private RequestBuilder With(LlmRequest request) => new(request, _cost);
}
