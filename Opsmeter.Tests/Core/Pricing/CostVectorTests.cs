using System.Text.Json;
using AwesomeAssertions;
using Opsmeter.Core;
using Xunit;

namespace Opsmeter.Tests.Core.Pricing;

public sealed class CostVectorTests
{
    public static TheoryData<int, string> Vectors()
    {
        var data = new TheoryData<int, string>();
        using var document = Read();
        var index = 0;
        foreach (var vector in document.RootElement.EnumerateArray())
        {
            data.Add(index++, $"{vector.GetProperty("provider")} {vector.GetProperty("model")}");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Price_CommittedVector_ExactNanoUsd(int index, string name)
    {
        using var document = Read();
        var vector = document.RootElement[index];
        long Number(string member) => vector.TryGetProperty(member, out var value) ? value.GetInt64() : 0;
        var usage = new TokenUsage(
            Number("inputTokens"), Number("outputTokens"), Number("cachedInputTokens"), Number("cacheWriteTokens"),
            Number("cacheWrite1hTokens"), Number("reasoningTokens"), Number("audioInputTokens"), Number("audioOutputTokens"));

        var priced = PricedCalls.Price(
            vector.GetProperty("provider").GetString()!, vector.GetProperty("model").GetString()!, usage,
            vector.GetProperty("occurredAt").GetString()!);

        priced.Cost.Should().Be(new Usd(vector.GetProperty("costNanoUsd").GetInt64()), name);
        priced.Rates!.Breakdown(usage).Total.Should().Be(priced.Cost!.Value);
    }

    private static JsonDocument Read() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "costs.json")));
}
