using System.Buffers;
using System.Text;
using System.Text.Json;
using AwesomeAssertions;
using CsCheck;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Web.Documents;
using Xunit;

namespace Opsmeter.Tests.Web.Documents;

/// <summary>What is written value by value reads as what the serializer writes.</summary>
public sealed class JsonValuesTests
{
    public static TheoryData<long> Edges =>
    [
        0, 1, -1, 10, 999_999_999, 1_000_000_000, -1_000_000_000, 1_000_000_001, 1_230_000_000, long.MaxValue, long.MinValue, long.MinValue + 1,
    ];

    [Theory]
    [MemberData(nameof(Edges))]
    public void WriteDollars_Edges_AsTheSerializer(long nano) => Amount(new Usd(nano)).Should().Be(Serialized(new Usd(nano).Dollars));

    [Fact]
    public void WriteDollars_Any_AsTheSerializer() => Gen.Long.Select(Gen.Int[0, 18]).Sample((nano, zeros) =>
    {
        // Small ones, and ones with zeros at their end, as much as large ones.
        var power = (long)Math.Pow(10, zeros);
        var amount = new Usd(zeros % 2 == 0 ? nano / power : nano / power * power);
        return Amount(amount) == Serialized(amount.Dollars);
    });

    [Fact]
    public void WriteInstant_WithAnOffset_AsTheSerializer()
    {
        foreach (var instant in new[] { DateTimeOffset.UnixEpoch, new(2026, 11, 1, 0, 0, 0, TimeSpan.FromHours(-5.5)), DateTimeOffset.MaxValue })
        {
            Written(json => json.WriteInstant("a"u8, instant)).Should().Be(Serialized<DateTimeOffset?>(instant));
        }
    }

    [Fact]
    public void WriteWord_EachOfAll_AsTheSerializer()
    {
        foreach (var state in Enum.GetValues<BudgetState>())
        {
            Written(json => json.WriteWord<BudgetState>("a"u8, state)).Should().Be(Serialized<BudgetState?>(state));
        }

        foreach (var basis in Enum.GetValues<HoldBasis>())
        {
            Written(json => json.WriteWord<HoldBasis>("a"u8, basis)).Should().Be(Serialized<HoldBasis?>(basis));
        }
    }

    [Fact]
    public void Write_Nothing_IsNull()
    {
        Amount(null).Should().Be("null");
        Written(json => json.WriteInstant("a"u8, null)).Should().Be("null");
        Written(json => json.WriteWord<BudgetState>("a"u8, null)).Should().Be("null");
        Written(json => json.WriteMode("a"u8, null)).Should().Be("null");
    }

    private static string Amount(Usd? amount) => Written(json => json.WriteDollars("a"u8, amount));

    private static string Serialized<T>(T value) => JsonSerializer.Serialize(value, DocumentJson.Options);

    private static string Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = DocumentJson.Options.Encoder }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan)["{\"a\":".Length..^1];
    }
}
