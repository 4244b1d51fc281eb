using Opsmeter.Web.Hosting;
using System.Text;
using System.Text.Json;
using AwesomeAssertions;
using CsCheck;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Ingest;
using Xunit;

namespace Opsmeter.Tests.Web.Ingest;

public sealed class RequestReaderPropertyTests
{
    // Text with all that may stand in it: quotes, backslashes, both ends of the planes, characters outside the first.
    private static readonly string[] Pieces = ["a", "Z", "0", ".", "/", "\"", "\\", "é", "€", "<", "😀", "\u202E", "\uFFFD"];

    private static readonly Gen<string> Text = Gen.Int[0, Pieces.Length - 1].Array[1, 60]
        .Select(picks => string.Concat(picks.Select(pick => Pieces[pick])));

    private static readonly Gen<string?> Optional = Gen.OneOf(Gen.Const((string?)null), Text.Select(text => (string?)text));

    private static readonly Gen<TokenUsage> Usage =
        Gen.Select(Gen.Long[0, 1_000_000_000], Gen.Long[0, 1_000_000_000], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1])
            .Select((input, output, a, b, c) =>
            {
                var cached = (long)(input * a);
                var cacheWrite = (long)((input - cached) * b);
                var reasoning = (long)(output * c);
                return new TokenUsage(
                    input, output, cached, cacheWrite, (long)(cacheWrite * a), reasoning, input - cached - cacheWrite,
                    (long)((output - reasoning) * b));
            });

    private static readonly Gen<LlmRequest> Request =
        from texts in Text.Array[5]
        from optional in Optional.Array[3]
        from usage in Usage
        from tier in Gen.Enum<ServiceTier>()
        from mode in Gen.Enum<DataMode>()
        from environment in Gen.Enum<DeploymentEnvironment>()
        from cost in Gen.Long[-1, 1_000_000_000_000_000]
        from latency in Gen.Int[0, 86_400_000]
        from failed in Gen.Bool
        from age in Gen.Long[-TimeSpan.TicksPerMinute * 5, RowJson.Retention.Ticks]
        select new LlmRequest
        {
            ExternalRequestId = texts[0],
            Provider = texts[1],
            Model = texts[2],
            EndpointTag = texts[3],
            PromptVersion = texts[4],
            UserId = optional[0],
            TenantId = optional[1],
            ErrorCode = optional[2],
            Usage = usage,
            ServiceTier = tier,
            DataMode = mode,
            Environment = environment,
            ReportedCost = cost < 0 ? null : new Usd(cost),
            LatencyMs = latency,
            IsError = failed,
            OccurredAt = RowJson.Now - TimeSpan.FromTicks(age),
        };

    [Fact]
    public void Read_AnyValidRow_IsThatRow() =>
        Gen.Select(Request, Gen.Bool, Optional).Sample(
            (request, supersede, responseId) =>
            {
                var expected = new IncomingRow
                {
                    Request = request,
                    OccurredAtGiven = true,
                    EnvironmentGiven = true,
                    Supersede = supersede,
                    ProviderResponseId = responseId,
                };

                var reading = RowJson.Read(Write(expected));

                reading.Errors.Should().BeNull();
                reading.Row.Should().Be(expected);
            },
            iter: 2_000,
            threads: 1);

    [Fact]
    public void Scale_AnyDecimal_AgreesWithTheFramework() =>
        Gen.Select(Gen.Long[0, 999_999_999_999], Gen.Int[0, 12], Gen.Int[-4, 4]).Sample(
            (digits, scale, exponent) =>
            {
                var number = new decimal(unchecked((int)digits), (int)(digits >> 32), 0, false, (byte)scale);
                var text = FormattableString.Invariant($"{number}e{exponent}");
                var factor = (decimal)Math.Pow(10, Math.Abs(exponent));
                var value = (exponent < 0 ? number / factor : number * factor) * 100;

                JsonNumberText.TryScale(Encoding.UTF8.GetBytes(text), 2, out var scaled, out var exact).Should().BeTrue();
                scaled.Should().Be((long)decimal.Round(value, MidpointRounding.ToEven));
                exact.Should().Be(value == decimal.Truncate(value));
            },
            iter: 5_000,
            threads: 1);

    [Fact]
    public void Read_AnyMutation_IsARowOrErrors()
    {
        // Seeded, so that a failure can be looked at twice.
        var random = new Random(20260201);
        var seeds = new[]
        {
            RowJson.Row(),
            RowJson.With(("metadata", "{\"tenantId\":\"t\",\"a\":1.5,\"b\":true,\"c\":null}"), ("occurredAt", "\"2026-02-01T11:00:00.5+02:00\"")),
            RowJson.With(("costUsd", "1.25e-3"), ("userId", "\"\\ud83d\\ude00 é\""), ("usage", "{\"a\":[[1,2],{}]}"), ("supersede", "true")),
        }.Select(Encoding.UTF8.GetBytes).ToArray();
        var tokens = new[] { "{", "}", "[", "]", ",", ":", "\"", "\\", "\\ud800", "null", "true", "-1", "1e400", "\0", "\xFF", "//", "9999999999999999999999" };
        var valid = 0;
        for (var i = 0; i < 6_000; i++)
        {
            var bytes = seeds[i % seeds.Length].ToList();
            for (var changes = random.Next(1, 5); changes > 0; changes--)
            {
                Mutate(bytes, tokens, random);
            }

            var reading = RowJson.Read([.. bytes]);

            (reading.Row is null).Should().Be(reading.Errors is { Count: > 0 });
            valid += reading.IsValid ? 1 : 0;
        }

        // Both outcomes must have been reached, else the mutations prove nothing.
        valid.Should().BeInRange(100, 5_000);
    }

    [Fact]
    public void Split_AnyMutation_FindsRangesWithinTheBody()
    {
        var random = new Random(20260202);
        var seed = Encoding.UTF8.GetBytes($"[{RowJson.Row("a")},{RowJson.With("metadata", "{\"x\":\"],\\\"{\"}")},{RowJson.Row("c")}]");
        var tokens = new[] { "{", "}", "[", "]", ",", "\"", "\\", "\n" };
        for (var i = 0; i < 3_000; i++)
        {
            var bytes = seed.ToList();
            Mutate(bytes, tokens, random);
            byte[] body = [.. bytes];

            var reading = BatchReader.Read(body, BodyFormats.Json, RowJson.Now, RowJson.Retention, new IngestLimits());

            var indexes = reading.Accepted.Select(row => row.Index).Concat(reading.Rejected.Select(row => row.Index)).Order();
            indexes.Should().Equal(Enumerable.Range(0, reading.Accepted.Count + reading.Rejected.Count));
            (reading.Problem == BatchProblem.None || reading.Accepted.Count == 0).Should().BeTrue();
        }
    }

    private static void Mutate(List<byte> bytes, string[] tokens, Random random)
    {
        var at = random.Next(bytes.Count);
        switch (random.Next(5))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 8), bytes.Count - at - 1));
                break;
            case 2:
                bytes.InsertRange(at, Encoding.Latin1.GetBytes(tokens[random.Next(tokens.Length)]));
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                break;
            case 4 when at > 0:
                bytes.RemoveRange(at, random.Next(4) == 0 ? bytes.Count - at : 1);
                break;
        }
    }

    private static byte[] Write(IncomingRow row)
    {
        var request = row.Request;
        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["externalRequestId"] = request.ExternalRequestId,
            ["provider"] = request.Provider,
            ["model"] = request.Model,
            ["endpointTag"] = request.EndpointTag,
            ["promptVersion"] = request.PromptVersion,
            ["userId"] = request.UserId,
            ["tenantId"] = request.TenantId,
            ["inputTokens"] = request.Usage.Input,
            ["outputTokens"] = request.Usage.Output,
            ["cachedInputTokens"] = request.Usage.Cached,
            ["cacheWriteTokens"] = request.Usage.CacheWrite,
            ["cacheWrite1hTokens"] = request.Usage.CacheWrite1h,
            ["reasoningTokens"] = request.Usage.Reasoning,
            ["audioInputTokens"] = request.Usage.AudioInput,
            ["audioOutputTokens"] = request.Usage.AudioOutput,
            ["totalTokens"] = request.Usage.Total,
            ["serviceTier"] = request.ServiceTier.ToString(),
            ["costUsd"] = request.ReportedCost?.Dollars,
            ["latencyMs"] = request.LatencyMs,
            ["status"] = request.IsError ? "error" : "success",
            ["errorCode"] = request.ErrorCode,
            ["dataMode"] = request.DataMode.ToString(),
            ["environment"] = request.Environment.ToString(),
            ["occurredAt"] = request.OccurredAt.ToString("O"),
            ["supersede"] = row.Supersede,
            ["providerResponseId"] = row.ProviderResponseId,
        });
    }
}
