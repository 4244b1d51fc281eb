using System.Text;
using AwesomeAssertions;
using Opsmeter.Web.Ingest;
using Xunit;

namespace Opsmeter.Tests.Web.Ingest;

/// <summary>The JSON of a row: names, members twice or unknown, what is no object, what is cut off, and how faults are told.</summary>
public sealed class RequestReaderShapeTests
{
    [Fact]
    public void Read_NameEscaped_IsThatField()
    {
        var json = RowJson.Without("provider")[..^1] + ",\"provid\\u0065r\":\"openai\"}";

        RowJson.Read(json).Row!.Request.Provider.Should().Be("openai");
    }

    [Fact]
    public void Read_NamesInOtherCase_AreThoseFields() =>
        RowJson.Read(
                """
                {"ExternalRequestId":"r-1","Provider":"openai","Model":"gpt-5-mini","EndpointTag":"chat.reply","PROMPTVERSION":"v1",
                 "InputTokens":240,"OutputTokens":60,"LatencyMs":812,"Status":"success"}
                """)
            .Row.Should().Be(RowJson.Read(RowJson.Row()).Row);

    [Theory]
    [InlineData("\"usage\":{\"input_tokens\":[1,{\"a\":null}]}")]
    [InlineData("\"\":1")]
    [InlineData("\"unknown\":1,\"unknown\":2")]
    [InlineData("\"\\ud800\":1")]
    public void Read_UnknownMember_IsIgnored(string member) =>
        RowJson.Read(RowJson.Row()[..^1] + "," + member + "}").IsValid.Should().BeTrue();

    [Theory]
    [InlineData("\"model\":\"x\"", "model")]
    [InlineData("\"inputTokens\":1", "inputTokens")]
    [InlineData("\"mod\\u0065l\":null", "model")]
    [InlineData("\"Model\":\"x\"", "model")]
    [InlineData("\"status\":{\"a\":1}", "status")]
    public void Read_MemberTwice_IsRefused(string member, string field)
    {
        var errors = RowJson.Read(RowJson.Row()[..^1] + "," + member + "}").Errors!;

        errors.Keys.Should().Equal(field);
        errors[field].Should().Equal("Is given twice; send it once.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("{")]
    [InlineData("{\"externalRequestId\":")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("5")]
    [InlineData("{} {}")]
    [InlineData("{}x")]
    [InlineData("{},")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{/* c */}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":Infinity}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":\"\u0001\"}")]
    [InlineData("{\"a\":\"unended}")]
    [InlineData("\uFEFF{}")]
    public void Read_NotOneJsonObject_SaysSoOfTheWhole(string json) =>
        RowJson.Read(json).Errors.Should().ContainKey("$");

    [Theory]
    [InlineData(31, true)]
    [InlineData(32, false)]
    [InlineData(20_000, false)]
    public void Read_NestedDeep_IsBounded(int arrays, bool valid)
    {
        var nested = new string('[', arrays) + new string(']', arrays);
        foreach (var member in new[] { "extra", "metadata", "model" })
        {
            var reading = RowJson.Read(RowJson.With(member, nested));

            (reading.Errors?.ContainsKey("$") ?? false).Should().Be(!valid);
        }

        RowJson.Read(RowJson.With("extra", nested)).IsValid.Should().Be(valid);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98 })]
    public void Read_InvalidUtf8_NamesTheField(byte[] bytes)
    {
        var text = Encoding.UTF8.GetBytes(RowJson.With("userId", "\"@\""));
        var at = Array.LastIndexOf(text, (byte)'@');

        RowJson.Read([.. text[..at], .. bytes, .. text[(at + 1)..]]).Errors!.Keys.Should().Equal("userId");
    }

    [Fact]
    public void Read_SeveralFaults_AreReportedTogetherWithTheId()
    {
        var reading = RowJson.Read("""{"externalRequestId":"r-9","model":5,"inputTokens":-1,"status":"ok","metadata":[],"userId":"\u0000"}""");

        reading.ExternalRequestId.Should().Be("r-9");
        reading.Errors!.Keys.Should().BeEquivalentTo(
            "model", "inputTokens", "status", "metadata", "userId", "provider", "endpointTag", "promptVersion", "outputTokens",
            "latencyMs");
    }

    [Fact]
    public void Read_CutOff_KeepsTheErrorsAndTheIdReadBefore()
    {
        var reading = RowJson.Read("{\"externalRequestId\":\"r-9\",\"model\":5,\n \"userId\":tru");

        reading.ExternalRequestId.Should().Be("r-9");
        reading.Errors!.Keys.Should().BeEquivalentTo("model", "$");
        reading.Errors["$"].Should().ContainSingle().Which.Should().Contain("line 2");
    }

    [Fact]
    public void Read_Refused_NeverEchoesTheValue()
    {
        var members = new[] { "externalRequestId", "model", "userId", "inputTokens", "costUsd", "latencyMs", "status", "occurredAt", "dataMode", "supersede" };
        var secret = "sk-very-secret-" + new string('x', 200);

        var errors = RowJson.Read(RowJson.With([.. members.Select(name => (name, $"\"{secret}\""))])).Errors!;

        errors.Keys.Should().BeEquivalentTo(members);
        errors.Values.SelectMany(messages => messages).Should().NotContain(message => message.Contains("secret"));
    }

    [Fact]
    public void Read_MillionMembers_StaysCheap()
    {
        var json = RowJson.Row()[..^1] + string.Concat(Enumerable.Repeat(",\"metadata\":{\"a\":\"\\n\",\"a\":[1]}", 200_000)) + "}";

        var before = GC.GetAllocatedBytesForCurrentThread();
        var reading = RowJson.Read(Encoding.UTF8.GetBytes(json));

        reading.Errors!.Keys.Should().Equal("metadata");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(json.Length + 100_000);
    }
}
