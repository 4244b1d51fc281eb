using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AwesomeAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Logging;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Ingest;
using Xunit;

namespace Opsmeter.Tests.Web.Hosting;

public sealed class BodyReaderTests : IAsyncLifetime
{
    private const int Max = 100_000;
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        _app = builder.Build();
        _app.UseOpsmeterProblems();
        _app.MapPost("/v1/echo", async (HttpRequest request) =>
        {
            using var reading = await BodyReader.ReadAsync(request, Max);
            return reading.TryGetRefusal(out var refusal)
                ? refusal
                : Results.Text($"{reading.Format}:{Encoding.UTF8.GetString(reading.Bytes.Span)}");
        });
        await _app.StartAsync();
        _client = _app.GetTestClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("application/json", "Json")]
    [InlineData("Application/JSON; charset=UTF-8", "Json")]
    [InlineData("application/json; charset=\"utf-8\"", "Json")]
    [InlineData("application/json; charset=utf8", "Json")]
    [InlineData("text/json", "Json")]
    [InlineData("application/vnd.opsmeter+json", "Json")]
    [InlineData("application/x-ndjson", "NdJson")]
    [InlineData("application/jsonl", "NdJson")]
    public async Task Read_TypeUnderstood_GivesTheBytes(string type, string format) =>
        await ExpectTextAsync(Content("{\"a\":1}"u8.ToArray(), type), format + ":{\"a\":1}");

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/yaml")]
    [InlineData("image/svg+json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("json")]
    [InlineData("application/json; charset=bogus")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=latin1")]
    [InlineData("application/json, application/json")]
    public async Task Read_TypeNotUnderstood_Is415(string? type) =>
        await ExpectAsync(Content("{}"u8.ToArray(), type), HttpStatusCode.UnsupportedMediaType, "/problems/unsupported-media-type");

    [Fact]
    public async Task Read_ByteOrderMark_IsSkipped() =>
        await ExpectTextAsync(Content([0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}']), "Json:{}");

    [Fact]
    public async Task Read_NoBody_IsEmpty() => await ExpectTextAsync(Content([]), "Json:");

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("x-gzip")]
    [InlineData("identity, gzip")]
    public async Task Read_Gzip_IsDecompressed(string encoding)
    {
        var text = new string('x', 90_000);

        await ExpectTextAsync(Encoded(Gzip(Encoding.UTF8.GetBytes(text)), encoding), "Json:" + text);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("gzip, gzip")]
    [InlineData("gzip, br")]
    [InlineData("bogus")]
    public async Task Read_OtherEncoding_Is415(string encoding) =>
        await ExpectAsync(Encoded(Gzip("{}"u8.ToArray()), encoding), HttpStatusCode.UnsupportedMediaType, "/problems/unsupported-media-type");

    [Fact]
    public async Task Read_IdentityEncoding_IsTheBytes() => await ExpectTextAsync(Encoded("{}"u8.ToArray(), "identity"), "Json:{}");

    [Fact]
    public async Task Read_GzipOfSeveralMembers_IsTheirText()
    {
        byte[] body = [.. Gzip("[1,"u8.ToArray()), .. Gzip("2]"u8.ToArray())];

        await ExpectTextAsync(Encoded(body, "gzip"), "Json:[1,2]");
    }

    [Fact]
    public async Task Read_GzipOfNothing_IsEmpty() => await ExpectTextAsync(Encoded(Convert.FromHexString(
        "1F8B080000000000000303000000000000000000"), "gzip"), "Json:");

    [Fact]
    public async Task Read_BadGzip_Is400()
    {
        var whole = Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5_000))));
        foreach (var flipped in new[] { whole.Length - 1, whole.Length - 6, 0 })
        {
            var body = whole.ToArray();
            body[flipped] ^= 0xFF;
            await ExpectAsync(Encoded(body, "gzip"), HttpStatusCode.BadRequest, "/problems/malformed");
        }

        foreach (var body in new byte[][] { [], [.. "not gzip at all"u8], [.. whole, 1, 2, 3], [.. whole, .. whole[..30]] })
        {
            await ExpectAsync(Encoded(body, "gzip"), HttpStatusCode.BadRequest, "/problems/malformed");
        }
    }

    [Fact]
    public async Task Read_GzipCutAnywhere_IsNeverTakenForWhole()
    {
        // The framework alone answers 200 to each of these, with the rows after the cut missing. Zeros make the worst cuts:
        // inside their codes, the last bytes look like the trailer of an empty file.
        foreach (var plain in new[] { string.Join('\n', Enumerable.Range(0, 40)), new string('0', 3_000) + "\n" + new string('\0', 3_000) })
        {
            var whole = Gzip(Encoding.UTF8.GetBytes(plain));
            for (var length = 1; length < whole.Length; length++)
            {
                var context = new DefaultHttpContext();
                context.Request.ContentType = "application/x-ndjson";
                context.Request.Headers.ContentEncoding = "gzip";
                context.Request.Body = new MemoryStream(whole[..length]);

                using var reading = await BodyReader.ReadAsync(context.Request, Max);

                reading.Problem.Should().Be(BodyProblem.Malformed, "it was cut after {0} of {1} bytes", length, whole.Length);
            }
        }
    }

    [Fact]
    public async Task Read_EndlessGzipOfNothing_Is413()
    {
        var nothing = Convert.FromHexString("1F8B080000000000000303000000000000000000");
        var context = new DefaultHttpContext();
        context.Request.ContentType = "application/json";
        context.Request.Headers.ContentEncoding = "gzip";
        context.Request.Body = new MemoryStream([.. Enumerable.Repeat(nothing, 10_000).SelectMany(bytes => bytes)]);

        using var reading = await BodyReader.ReadAsync(context.Request, Max);

        reading.Problem.Should().Be(BodyProblem.TooLarge);
    }

    [Fact]
    public async Task Read_GzipBomb_Is413()
    {
        var bomb = Gzip(new byte[64 * 1024 * 1024]);
        bomb.Length.Should().BeLessThan(Max);

        await ExpectAsync(Encoded(bomb, "gzip"), HttpStatusCode.RequestEntityTooLarge, "/problems/too-large");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_AtAndPastTheLimit_IsReadAndRefused(bool chunked)
    {
        var text = new string('x', Max);

        await ExpectTextAsync(Content(Encoding.UTF8.GetBytes(text), chunked: chunked), "Json:" + text);
        await ExpectAsync(
            Content(Encoding.UTF8.GetBytes(text + "x"), chunked: chunked), HttpStatusCode.RequestEntityTooLarge, "/problems/too-large");
    }

    [Fact]
    public async Task Read_BodyBreaksOff_IsAProblemAndNoException()
    {
        foreach (var (fault, expected) in new (Exception, BodyProblem)[]
        {
            (new IOException("reset"), BodyProblem.ClientGone),
            (new OperationCanceledException(), BodyProblem.ClientGone),
            (new BadHttpRequestException("end", 400), BodyProblem.Malformed),
            (new BadHttpRequestException("slow", 408), BodyProblem.TimedOut),
            (new BadHttpRequestException("large", 413), BodyProblem.TooLarge),
        })
        {
            foreach (var encoding in new[] { "identity", "gzip" })
            {
                var context = new DefaultHttpContext();
                context.Request.ContentType = "application/json";
                context.Request.Headers.ContentEncoding = encoding;
                context.Request.Body = new TestBrokenStream(fault);

                using var reading = await BodyReader.ReadAsync(context.Request, Max);

                reading.Problem.Should().Be(expected);
                reading.TryGetRefusal(out _).Should().BeTrue();
            }
        }
    }

    [Fact]
    public async Task Read_Disposed_GivesNoBytes()
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = "application/json";
        context.Request.Body = new MemoryStream("{}"u8.ToArray());
        var reading = await BodyReader.ReadAsync(context.Request, Max);

        reading.Dispose();
        reading.Dispose();

        reading.Invoking(disposed => disposed.Bytes).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public async Task Read_YamlWhereAccepted_IsRead()
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = "application/yaml";
        context.Request.Body = new MemoryStream("a: 1"u8.ToArray());

        using var reading = await BodyReader.ReadAsync(context.Request, Max, BodyFormats.Json | BodyFormats.Yaml);

        reading.Format.Should().Be(BodyFormats.Yaml);
        reading.Bytes.Length.Should().Be(4);
    }

    [Fact]
    public async Task Limits_Wrong_StopTheStartAndNameEveryKey()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Ingest:MaxBodyBytes"] = "0",
            ["Ingest:MaxBatchRows"] = "-5",
            ["Ingest:MaxDepth"] = "64",
        });
        builder.Services.AddIngestLimits();
        using var host = builder.Build();

        var thrown = (await host.Invoking(starting => starting.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).Which;

        thrown.Failures.Should().HaveCount(2)
            .And.Contain(failure => failure.Contains("Ingest:MaxBodyBytes"))
            .And.Contain(failure => failure.Contains("Ingest:MaxBatchRows"));
    }

    private async Task ExpectTextAsync(HttpContent content, string expected)
    {
        using var answer = await _client.PostAsync("/v1/echo", content);

        (await answer.Content.ReadAsStringAsync()).Should().Be(expected);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private async Task ExpectAsync(HttpContent content, HttpStatusCode status, string type)
    {
        using var answer = await _client.PostAsync("/v1/echo", content);

        answer.StatusCode.Should().Be(status);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).Should().Contain($"\"type\":\"{type}\"").And.Contain("\"detail\":");
    }

    private static StreamContent Content(byte[] body, string? type = "application/json", bool chunked = false)
    {
        var content = new StreamContent(new MemoryStream(body));
        if (chunked)
        {
            content = new StreamContent(new TestUnsizedStream(body));
        }

        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return content;
    }

    private static StreamContent Encoded(byte[] body, string encoding)
    {
        var content = Content(body);
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return content;
    }

    private static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }
}
