using System.Net.Sockets;
using System.Text;
using AwesomeAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Opsmeter.Web.Hosting;
using Xunit;

namespace Opsmeter.Tests.Web.Hosting;

/// <summary>What only a real server and a real socket show: chunks, false lengths, a client that hangs up.</summary>
public sealed class BodyReaderConnectionTests : IAsyncLifetime
{
    private const int Max = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TaskCompletionSource<BodyProblem> _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _app = null!;
    private Uri _address = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.UseOpsmeterProblems();
        _app.MapPost("/v1/echo", async (HttpRequest request) =>
        {
            _started.TrySetResult();
            using var reading = await BodyReader.ReadAsync(request, Max);
            _read.TrySetResult(reading.Problem);
            return reading.TryGetRefusal(out var refusal) ? refusal : Results.Text(Encoding.UTF8.GetString(reading.Bytes.Span));
        });
        await _app.StartAsync();
        _address = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("2\r\n{}\r\n0\r\n\r\n", "HTTP/1.1 200", BodyProblem.None)]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n", "HTTP/1.1 400", BodyProblem.Malformed)]
    public async Task Read_Chunks_AreReadOrRefused(string chunks, string status, BodyProblem expected)
    {
        var answer = await SendAsync("Transfer-Encoding: chunked", chunks);

        answer.Should().StartWith(status);
        (await _read.Task.WaitAsync(Patience)).Should().Be(expected);
    }

    [Fact]
    public async Task Read_ChunksPastTheLimit_Is413()
    {
        var chunk = $"190\r\n{new string('x', 400)}\r\n";

        var answer = await SendAsync("Transfer-Encoding: chunked", string.Concat(Enumerable.Repeat(chunk, 3)) + "0\r\n\r\n");

        answer.Should().StartWith("HTTP/1.1 413").And.Contain("/problems/too-large");
    }

    [Fact]
    public async Task Read_LengthPastTheLimit_Is413BeforeTheBody()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_address.Host, _address.Port);
        await client.GetStream().WriteAsync(Request($"Content-Length: {Max + 1}", ""));
        using var reader = new StreamReader(client.GetStream());

        (await reader.ReadLineAsync().WaitAsync(Patience)).Should().StartWith("HTTP/1.1 413");
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("gzip")]
    public async Task Read_ClientHangsUp_IsNoFaultOfTheServer(string encoding)
    {
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(_address.Host, _address.Port);
            await client.GetStream().WriteAsync(Request($"Content-Length: 500\r\nContent-Encoding: {encoding}", ""));
            await _started.Task.WaitAsync(Patience);

            // Without lingering, closing resets the connection.
            client.LingerState = new LingerOption(true, 0);
        }

        // Which of the two it is depends on what the operating system reports first.
        (await _read.Task.WaitAsync(Patience)).Should().BeOneOf(BodyProblem.ClientGone, BodyProblem.Malformed);
    }

    private async Task<string> SendAsync(string header, string body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_address.Host, _address.Port);
        await client.GetStream().WriteAsync(Request(header, body));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync().WaitAsync(Patience);
    }

    private static byte[] Request(string header, string body) => Encoding.ASCII.GetBytes(
        $"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n{header}\r\n\r\n{body}");
}
