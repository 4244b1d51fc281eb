using Opsmeter.Core;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Tests.Core.Pricing;

/// <summary>Requests to price, with only what pricing looks at.</summary>
internal static class PricedCalls
{
    public const string Day = "2026-11-20T12:00:00Z";

    public static LlmRequest Call(
        string provider, string model, TokenUsage usage, string at = Day, ServiceTier tier = ServiceTier.Standard, Usd? reported = null) => new()
        {
            ExternalRequestId = "r1",
            Provider = provider,
            Model = model,
            EndpointTag = "chat.reply",
            PromptVersion = "v1",
            Usage = usage,
            ServiceTier = tier,
            ReportedCost = reported,
            OccurredAt = At(at),
        };

    public static PricedRequest Price(
        string provider, string model, TokenUsage usage, string at = Day, ServiceTier tier = ServiceTier.Standard) =>
        PriceBook.BuiltIn.Price(Call(provider, model, usage, at, tier));

    public static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A book of one provider, <c>acme</c>, and one model, <c>m</c>, with the prices given as the build writes them.</summary>
    public static PriceBook BookOf(string prices, string model = "m") => BookOfProviders(
        $$"""{"id":"acme","name":"Acme","match":null,"modelMatch":null,"fallback":[],"models":[{"id":"{{model}}","name":null,"contextWindow":null,"deprecated":false,"match":{"equals":"{{model}}"},"prices":{{prices}}}]}""");

    public static PriceBook BookOfProviders(string providers)
    {
        var text = $$"""{"source":"test","version":"1","published":"2026-11-01","providers":[{{providers}}]}""";
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        return new PriceBook(Catalogue.Read(stream));
    }
}
