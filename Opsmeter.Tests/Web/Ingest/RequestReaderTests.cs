using System.Text;
using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Ingest;
using Xunit;

namespace Opsmeter.Tests.Web.Ingest;

/// <summary>The fields of a row: what is taken, what each becomes, and what is refused.</summary>
public sealed class RequestReaderTests
{
    private static readonly string Long129 = new('x', 129);
    private static readonly string Long201 = new('x', 201);

    /// <summary>Field, its JSON text, a word of the message expected.</summary>
    public static TheoryData<string, string, string> Refused()
    {
        var cases = new TheoryData<string, string, string>
        {
            { "externalRequestId", $"\"{Long129}\"", "128" },
            { "supersede", "1", "true or false" },
            { "supersede", "\"true\"", "true or false" },
            { "supersede", "{}", "true or false" },
            { "status", "\"ok\"", "success, error" },
            { "status", "1", "string" },
            { "serviceTier", "\"turbo\"", "standard, batch, flex, priority" },
            { "serviceTier", "0", "string" },
            { "dataMode", "\"production\"", "real, test, demo" },
            { "environment", "\"production\"", "prod, staging, dev" },
            { "environment", "[\"prod\"]", "string" },
            { "latencyMs", "-1", "86,400,000" },
            { "latencyMs", "86400001", "86,400,000" },
            { "latencyMs", "\"812\"", "86,400,000" },
            { "latencyMs", "1e400", "86,400,000" },
            { "costUsd", "-0.01", "1,000,000" },
            { "costUsd", "-0", "1,000,000" },
            { "costUsd", "1000000.000000001", "1,000,000" },
            { "costUsd", "1e28", "1,000,000" },
            { "costUsd", "1e99999999999999999999", "1,000,000" },
            { "costUsd", "\"0.1\"", "1,000,000" },
            { "costUsd", "\"NaN\"", "1,000,000" },
            { "costUsd", "true", "1,000,000" },
            { "totalTokens", "2000000001", "2,000,000,000" },
            { "occurredAt", "1769990400", "not a number" },
            { "occurredAt", "\"1769990400\"", "not a number" },
            { "occurredAt", "1769990400123.5", "not a number" },
            { "occurredAt", "\"2026-02-01\"", "date alone" },
            { "occurredAt", "\"2026-02-01T11:00:00\"", "no offset" },
            { "occurredAt", "\"2026-02-01T11:00:00.123\"", "no offset" },
            { "occurredAt", "\"2026-02-01T11:00Z\"", "RFC 3339" },
            { "occurredAt", "\"2026-02-30T11:00:00Z\"", "RFC 3339" },
            { "occurredAt", "\"2026-13-01T11:00:00Z\"", "RFC 3339" },
            { "occurredAt", "\"2026-00-01T11:00:00Z\"", "RFC 3339" },
            { "occurredAt", "\"0000-01-01T11:00:00Z\"", "RFC 3339" },
            { "occurredAt", "\"2026-02-01T24:00:00Z\"", "RFC 3339" },
            { "occurredAt", "\"2026-02-01T11:60:00Z\"", "RFC 3339" },
            { "occurredAt", "\"2026-02-01T11:00:61Z\"", "RFC 3339" },
            { "occurredAt", "\"2026-02-01T11:00:00.Z\"", "RFC 3339" },
            { "occurredAt", "\"2026-02-01T11:00:00+2:00\"", "RFC 3339" },
            { "occurredAt", "\"2026-02-01T11:00:00+0200\"", "RFC 3339" },
            { "occurredAt", "\"2026-02-01T11:00:00+24:00\"", "RFC 3339" },
            { "occurredAt", "\"2026-02-01T11:00:00Zx\"", "RFC 3339" },
            { "occurredAt", "\"0001-01-01T00:00:00+01:00\"", "RFC 3339" },
            { "occurredAt", "\"9999-12-31T23:59:59-01:00\"", "RFC 3339" },
            { "occurredAt", "\"yesterday\"", "RFC 3339" },
            { "occurredAt", "\"Sun, 01 Feb 2026 11:00:00 GMT\"", "RFC 3339" },
            { "occurredAt", "{}", "string" },
            { "occurredAt", "\"2026-02-01T12:05:00.0000001Z\"", "ahead" },
            { "occurredAt", "\"2025-11-03T11:59:59Z\"", "older" },
            { "metadata", "\"text\"", "object" },
            { "metadata", "[1]", "object" },
            { "metadata", "{\"a\":{}}", "no objects or arrays" },
            { "metadata", "{\"a\":[1]}", "no objects or arrays" },
            { "metadata", "{\"a\":1,\"a\":2}", "given twice" },
            { "metadata", "{\"a\":null,\"a\":2}", "given twice" },
            { "metadata", "{\"a\":\"\\u0000\"}", "control" },
            { "metadata", "{\"a\\n\":1}", "control" },
            { "metadata", "{\"a\":\"\\ud800\"}", "Unicode" },
            { "metadata", $"{{\"a\":\"{new string('x', 4089)}\"}}", "4 KiB" },
            { "metadata", $"{{\"a\":\"{new string('x', 100_000)}\"}}", "4 KiB" },
            { "metadata", $"{{\"{new string('x', 100_000)}\":1}}", "4 KiB" },
            { "metadata", "{" + string.Join(',', Enumerable.Range(0, 21).Select(i => $"\"m{i}\":{i}")) + "}", "20 members" },
        };
        foreach (var field in new[] { "provider", "model", "endpointTag", "promptVersion", "userId", "tenantId", "errorCode", "providerResponseId" })
        {
            cases.Add(field, $"\"{Long201}\"", "200");
        }

        foreach (var field in new[] { "externalRequestId", "model", "userId", "errorCode", "providerResponseId" })
        {
            cases.Add(field, "5", "string");
            cases.Add(field, "{\"a\":[1,{}]}", "string");
            cases.Add(field, "\"a\\u0000b\"", "control");
            cases.Add(field, "\"a\\tb\"", "control");
            cases.Add(field, "\"a\\u007f\"", "control");
            cases.Add(field, "\"a\\u0085\"", "control");
            cases.Add(field, "\"a\u009fb\"", "control");
            cases.Add(field, "\"\\ud83d\"", "Unicode");
            cases.Add(field, "\"\\udc00\\ud800\"", "Unicode");
            cases.Add(field, $"\"{new string('x', 60_000)}\"", "characters");
        }

        foreach (var field in new[]
        {
            "inputTokens", "outputTokens", "cachedInputTokens", "cacheWriteTokens", "cacheWrite1hTokens", "reasoningTokens",
            "audioInputTokens", "audioOutputTokens",
        })
        {
            foreach (var value in new[] { "\"240\"", "1.5", "1e400", "-1", "-0", "1000000001", "true", "{}", "[1]", "1e-1" })
            {
                cases.Add(field, value, "whole number from 0 to 1,000,000,000");
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Read_FieldWrong_NamesThatFieldAlone(string field, string value, string message)
    {
        var reading = RowJson.Read(RowJson.With(field, value));

        reading.IsValid.Should().BeFalse();
        reading.Errors!.Keys.Should().Equal(field);
        reading.Errors[field].Should().ContainSingle().Which.Should().Contain(message);
    }

    [Theory]
    [InlineData("externalRequestId")]
    [InlineData("provider")]
    [InlineData("model")]
    [InlineData("endpointTag")]
    [InlineData("promptVersion")]
    [InlineData("inputTokens")]
    [InlineData("outputTokens")]
    [InlineData("latencyMs")]
    [InlineData("status")]
    public void Read_RequiredMissingOrNull_IsRequired(string field)
    {
        foreach (var json in new[] { RowJson.Without(field), RowJson.With(field, "null") })
        {
            var reading = RowJson.Read(json);

            reading.Errors!.Keys.Should().Equal(field);
            reading.Errors[field].Should().ContainSingle().Which.Should().StartWith("Is required");
        }
    }

    [Theory]
    [InlineData("externalRequestId")]
    [InlineData("provider")]
    [InlineData("endpointTag")]
    [InlineData("status")]
    public void Read_RequiredTextBlank_IsRefused(string field)
    {
        RowJson.Read(RowJson.With(field, "\"\"")).Errors!.Keys.Should().Equal(field);
        RowJson.Read(RowJson.With(field, "\" \u2003 \"")).Errors!.Keys.Should().Equal(field);
    }

    [Fact]
    public void Read_MinimalRow_HasTheDocumentedDefaults()
    {
        var reading = RowJson.Read(RowJson.Row());

        reading.Row.Should().Be(new IncomingRow
        {
            Request = new LlmRequest
            {
                ExternalRequestId = "r-1",
                Provider = "openai",
                Model = "gpt-5-mini",
                EndpointTag = "chat.reply",
                PromptVersion = "v1",
                Usage = new TokenUsage(240, 60),
                LatencyMs = 812,
                OccurredAt = RowJson.Now,
                ServiceTier = ServiceTier.Standard,
                DataMode = DataMode.Real,
                Environment = DeploymentEnvironment.Prod,
            },
        });
    }

    [Theory]
    [InlineData("userId")]
    [InlineData("tenantId")]
    [InlineData("cachedInputTokens")]
    [InlineData("totalTokens")]
    [InlineData("serviceTier")]
    [InlineData("costUsd")]
    [InlineData("errorCode")]
    [InlineData("dataMode")]
    [InlineData("environment")]
    [InlineData("occurredAt")]
    [InlineData("metadata")]
    [InlineData("supersede")]
    [InlineData("providerResponseId")]
    public void Read_OptionalNull_IsAbsent(string field) =>
        RowJson.Read(RowJson.With(field, "null")).Row.Should().Be(RowJson.Read(RowJson.Row()).Row);

    [Theory]
    [InlineData("userId")]
    [InlineData("tenantId")]
    [InlineData("serviceTier")]
    [InlineData("errorCode")]
    [InlineData("dataMode")]
    [InlineData("environment")]
    [InlineData("occurredAt")]
    [InlineData("providerResponseId")]
    public void Read_OptionalTextEmpty_IsAbsent(string field) =>
        RowJson.Read(RowJson.With(field, "\"\"")).Row.Should().Be(RowJson.Read(RowJson.Row()).Row);

    [Theory]
    [InlineData("240", 240)]
    [InlineData("240.0", 240)]
    [InlineData("2.4e2", 240)]
    [InlineData("2.4E+2", 240)]
    [InlineData("24000e-2", 240)]
    [InlineData("0", 0)]
    [InlineData("0.0e99", 0)]
    [InlineData("0e-999999999999999999999", 0)]
    [InlineData("1000000000", 1_000_000_000)]
    [InlineData("1e9", 1_000_000_000)]
    [InlineData("0.000000001e18", 1_000_000_000)]
    [InlineData("7.00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000", 7)]
    public void Read_IntegerSpelledOtherwise_IsTheSameNumber(string text, long expected) =>
        RowJson.Read(RowJson.With("inputTokens", text)).Row!.Request.Usage.Input.Should().Be(expected);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.49", 0)]
    [InlineData("0.5", 0)]
    [InlineData("0.50000000000000000000000000000000000001", 1)]
    [InlineData("1.5", 2)]
    [InlineData("812.7", 813)]
    [InlineData("86400000", 86_400_000)]
    public void Read_LatencyFractional_IsRounded(string text, int expected) =>
        RowJson.Read(RowJson.With("latencyMs", text)).Row!.Request.LatencyMs.Should().Be(expected);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.000084", 84_000)]
    [InlineData("8.4e-5", 84_000)]
    [InlineData("0.000000001", 1)]
    [InlineData("0.0000000005", 0)]
    [InlineData("0.0000000015", 2)]
    [InlineData("0.0000000025", 2)]
    [InlineData("0.00000000050000000000000000000000000000000000000001", 1)]
    [InlineData("0.00000000049999999999999999999999999999999999999999", 0)]
    [InlineData("1e-400", 0)]
    [InlineData("12.345678901", 12_345_678_901)]
    [InlineData("1000000", 1_000_000_000_000_000)]
    public void Read_Cost_IsExactToTheNano(string text, long nano) =>
        RowJson.Read(RowJson.With("costUsd", text)).Row!.Request.ReportedCost.Should().Be(new Usd(nano));

    [Theory]
    [InlineData("2026-02-01T11:00:00Z", "2026-02-01T11:00:00.0000000+00:00")]
    [InlineData("2026-02-01t11:00:00z", "2026-02-01T11:00:00.0000000+00:00")]
    [InlineData("2026-02-01 11:00:00-00:00", "2026-02-01T11:00:00.0000000+00:00")]
    [InlineData("2026-02-01T13:00:00.5+02:00", "2026-02-01T11:00:00.5000000+00:00")]
    [InlineData("2026-02-01T05:30:00.1234567899-05:30", "2026-02-01T11:00:00.1234567+00:00")]
    [InlineData("2025-12-31T23:59:60Z", "2026-01-01T00:00:00.0000000+00:00")]
    [InlineData("2026-02-01T12:05:00Z", "2026-02-01T12:05:00.0000000+00:00")]
    [InlineData("2025-11-03T12:00:00Z", "2025-11-03T12:00:00.0000000+00:00")]
    public void Read_OccurredAt_IsThatInstantInUtc(string text, string expected)
    {
        var row = RowJson.Read(RowJson.With("occurredAt", $"\"{text}\"")).Row!;

        row.Request.OccurredAt.ToString("O").Should().Be(expected);
        row.OccurredAtGiven.Should().BeTrue();
    }

    [Fact]
    public void Read_RetentionForEver_TakesTheYearOne() =>
        RequestReader.Read(
                Encoding.UTF8.GetBytes(RowJson.With("occurredAt", "\"0001-01-01T00:00:00Z\"")), RowJson.Now, TimeSpan.MaxValue)
            .IsValid.Should().BeTrue();

    [Fact]
    public void Read_EnumsInAnyCase_AreThemselves()
    {
        var row = RowJson.Read(RowJson.With(
            ("status", "\"ERROR\""), ("serviceTier", "\"Flex\""), ("dataMode", "\"tesT\""), ("environment", "\"Staging\""),
            ("errorCode", "\"429\""))).Row!;

        row.Request.IsError.Should().BeTrue();
        row.Request.ErrorCode.Should().Be("429");
        row.Request.ServiceTier.Should().Be(ServiceTier.Flex);
        row.Request.DataMode.Should().Be(DataMode.Test);
        row.Request.Environment.Should().Be(DeploymentEnvironment.Staging);
        row.EnvironmentGiven.Should().BeTrue();
    }

    [Theory]
    [InlineData("\"\\u0061b\"", "ab")]
    [InlineData("\"\\ud83d\\ude00\"", "😀")]
    [InlineData("\"😀\"", "😀")]
    [InlineData("\"  padded \"", "  padded ")]
    [InlineData("\"<script>alert(1)</script>\"", "<script>alert(1)</script>")]
    [InlineData("\"\u202Eabc\"", "\u202Eabc")]
    public void Read_Text_IsKeptAsSent(string text, string expected) =>
        RowJson.Read(RowJson.With("userId", text)).Row!.Request.UserId.Should().Be(expected);

    [Fact]
    public void Read_TextAtItsLimit_IsKept()
    {
        RowJson.Read(RowJson.With("externalRequestId", $"\"{Long129[1..]}\"")).IsValid.Should().BeTrue();
        RowJson.Read(RowJson.With("model", $"\"{string.Concat(Enumerable.Repeat("\\u20ac", 200))}\"")).Row!.Request.Model
            .Should().Be(new string('€', 200));
    }

    [Fact]
    public void Read_SubsetsExceedTotals_RaisesThemAndWarns()
    {
        var row = RowJson.Read(RowJson.With(
            ("inputTokens", "100"), ("cachedInputTokens", "80"), ("cacheWriteTokens", "10"), ("cacheWrite1hTokens", "30"),
            ("outputTokens", "5"), ("reasoningTokens", "7"), ("totalTokens", "105"))).Row!;

        row.Request.Usage.Should().Be(new TokenUsage(110, 7, 80, 30, 30, 7));
        row.Warnings.Should().Be(RowWarnings.UsageSemanticsInferred);
    }

    [Theory]
    [InlineData("300", RowWarnings.None)]
    [InlineData("3e2", RowWarnings.None)]
    [InlineData("301", RowWarnings.TotalMismatch)]
    [InlineData("0", RowWarnings.TotalMismatch)]
    public void Read_TotalTokens_IsComparedAsSent(string total, RowWarnings expected) =>
        RowJson.Read(RowJson.With("totalTokens", total)).Row!.Warnings.Should().Be(expected);

    [Theory]
    [InlineData("{}", null)]
    [InlineData("{\"a\":null}", null)]
    [InlineData("{ \"a\" : 1.50 , \"b\":null, \"c\" : true,\"d\":\"é😀<\" }", "{\"a\":1.50,\"c\":true,\"d\":\"é😀<\"}")]
    [InlineData("{\"\":\"\"}", "{\"\":\"\"}")]
    [InlineData("{\"a\\\"b\":\"c\\\\d\\/\\u0041\"}", "{\"a\\\"b\":\"c\\\\d/A\"}")]
    public void Read_Metadata_IsKeptCompact(string metadata, string? expected) =>
        RowJson.Read(RowJson.With("metadata", metadata)).Row!.Metadata.Should().Be(expected);

    [Fact]
    public void Read_MetadataAtItsLimits_IsKept()
    {
        var twenty = "{" + string.Join(',', Enumerable.Range(0, 20).Select(i => $"\"m{i}\":{i}")) + ",\"n\":null}";

        RowJson.Read(RowJson.With("metadata", twenty)).IsValid.Should().BeTrue();
        RowJson.Read(RowJson.With("metadata", $"{{\"a\":\"{new string('x', 4088)}\"}}")).Row!.Metadata.Should().HaveLength(4096);
        RowJson.Read(RowJson.With("metadata", $"{{\"a\":\"{string.Concat(Enumerable.Repeat("😀", 1022))}\"}}")).IsValid.Should().BeTrue();
    }

    [Theory]
    [InlineData("{\"tenantId\":\"t-2\"}", null, "t-2")]
    [InlineData("{\"tenantId\":\"t-2\"}", "\"t-1\"", "t-1")]
    [InlineData("{\"tenantId\":\"t-2\"}", "\"\"", "t-2")]
    [InlineData("{\"tenantId\":5}", null, null)]
    [InlineData("{\"tenantId\":\"\"}", null, null)]
    public void Read_MetadataTenant_StandsInForAnAbsentOne(string metadata, string? tenantId, string? expected) =>
        RowJson.Read(RowJson.With(("metadata", metadata), ("tenantId", tenantId ?? "null"))).Row!.Request.TenantId
            .Should().Be(expected);

    [Fact]
    public void Read_MetadataTenantTooLong_NamesIt() =>
        RowJson.Read(RowJson.With("metadata", $"{{\"tenantId\":\"{Long201}\"}}")).Errors!.Keys.Should().Equal("metadata.tenantId");

    [Fact]
    public void Read_SupersedeAndResponseId_AreKept()
    {
        var row = RowJson.Read(RowJson.With(("supersede", "true"), ("providerResponseId", "\"resp_1\""))).Row!;

        row.Supersede.Should().BeTrue();
        row.ProviderResponseId.Should().Be("resp_1");
    }

    [Fact]
    public void Codes_OfAllWarnings_StandInTheDocumentedOrder()
    {
        var all = Enum.GetValues<RowWarnings>().Aggregate((a, b) => a | b);

        RowWarningCodes.Of(all).Should().Equal(
            "unpriced_model", "provider_inferred", "usage_semantics_inferred", "total_mismatch", "conflicting_id", "superseded",
            "reported_cost_used");
        RowWarningCodes.Of(RowWarnings.ReportedCostUsed | RowWarnings.TotalMismatch).Should().Equal("total_mismatch", "reported_cost_used");
        RowWarningCodes.Of(RowWarnings.None).Should().BeEmpty();
    }
}
