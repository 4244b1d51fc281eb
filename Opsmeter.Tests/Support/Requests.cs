namespace Opsmeter.Tests.Support;

/// <summary>Reads as a sentence: <c>Requests.Of("gpt-5-mini").Tokens(1000, 500).By("chat.reply").At("2026-01-31T23:59:59Z")</c>.</summary>
public static class Requests
{
    public static RequestBuilder Of(string model, string provider = "openai") => new(model, provider);

    /// <summary>A request of which only the cost and the moment matter.</summary>
    public static RequestBuilder Costing(decimal usd) => Of("gpt-5-mini").Costing(usd);
}
