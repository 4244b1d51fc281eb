using System.Net;
using System.Text;
using System.Text.Json;
using AwesomeAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;
using Opsmeter.Web.Hosting;
using Xunit;

namespace Opsmeter.Tests.Web.Hosting;

public sealed class ProblemsTests : IAsyncLifetime
{
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        _app = builder.Build();
        _app.UseOpsmeterProblems();
        _app.MapGet("/v1/fails", string () => throw new InvalidOperationException("secret"));
        _app.MapGet("/page", string () => throw new InvalidOperationException("secret"));
        _app.MapGet("/v1/bad", string () => throw new BadHttpRequestException("quotes the input", 431));
        _app.MapGet("/v1/bound", (int number) => number);
        _app.MapGet("/v1/errors", () => Problems.Malformed(new Dictionary<string, string[]>
        {
            ["inputTokens"] = ["Is required.", "Must be <small>."],
        }));
        _app.MapGet("/v1/unavailable", () => Problems.Unavailable(7));
        _app.MapGet("/v1/unauthorized", () => Problems.Unauthorized());
        _app.MapGet("/v1/blocked", () => Problems.Blocked(
            "tier3_exceeded_confirmed", null, new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.FromHours(1))));
        _app.MapGet("/v1/own", () => Results.Text("mine", statusCode: 404));
        await _app.StartAsync();
        _client = _app.GetTestClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("/v1/nowhere", 404, "/problems/not-found")]
    [InlineData("/v1/fails", 500, "/problems/unexpected")]
    [InlineData("/v1/bad", 431, "about:blank")]
    [InlineData("/v1/bound?number=x", 400, "/problems/malformed")]
    [InlineData("/v1/bound", 400, "/problems/malformed")]
    [InlineData("/v1/errors", 400, "/problems/malformed")]
    [InlineData("/v1/unavailable", 503, "/problems/unavailable")]
    [InlineData("/v1/unauthorized", 401, "/problems/unauthorized")]
    [InlineData("/v1/blocked", 402, "/problems/blocked")]
    public async Task Answer_Error_IsAProblem(string path, int status, string type)
    {
        using var answer = await _client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        var problem = JsonDocument.Parse(text).RootElement;

        ((int)answer.StatusCode).Should().Be(status);
        answer.Content.Headers.ContentType!.ToString().Should().Be("application/problem+json");
        problem.GetProperty("type").GetString().Should().Be(type);
        problem.GetProperty("status").GetInt32().Should().Be(status);
        problem.GetProperty("title").GetString().Should().NotBeNullOrEmpty();
        problem.GetProperty("traceId").GetString().Should().NotBeNullOrEmpty();
        text.Should().NotContain("secret").And.NotContain("quotes");
    }

    [Fact]
    public async Task Answer_WrongMethod_KeepsTheAllowHeader()
    {
        using var answer = await _client.PostAsync("/v1/errors", new StringContent("", Encoding.UTF8));

        answer.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.Should().Contain("GET");
        (await answer.Content.ReadAsStringAsync()).Should().Contain("/problems/method-not-allowed");
    }

    [Fact]
    public async Task Answer_FieldErrors_AreListed()
    {
        var problem = JsonDocument.Parse(await TextAsync("/v1/errors")).RootElement;

        problem.GetProperty("errors").GetProperty("inputTokens").EnumerateArray().Select(message => message.GetString())
            .Should().Equal("Is required.", "Must be <small>.");
    }

    [Fact]
    public async Task Answer_Headers_SayWhatToDo()
    {
        using var unavailable = await _client.GetAsync("/v1/unavailable");
        using var unauthorized = await _client.GetAsync("/v1/unauthorized");

        unavailable.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(7));
        unauthorized.Headers.WwwAuthenticate.ToString().Should().Be("Bearer");
    }

    [Fact]
    public async Task Answer_Blocked_CarriesReasonMessageAndReset()
    {
        var problem = JsonDocument.Parse(await TextAsync("/v1/blocked")).RootElement;

        problem.GetProperty("reason").GetString().Should().Be("tier3_exceeded_confirmed");
        problem.GetProperty("message").ValueKind.Should().Be(JsonValueKind.Null);
        problem.GetProperty("resetsAt").GetString().Should().Be("2026-12-01T00:00:00+01:00");
    }

    [Fact]
    public async Task Answer_EndpointsOwnText_IsLeftAlone() =>
        (await TextAsync("/v1/own")).Should().Be("mine");

    [Fact]
    public async Task Answer_PageFails_IsLeftToThePages() =>
        await _client.Invoking(client => client.GetAsync("/page")).Should().ThrowAsync<InvalidOperationException>();

    private async Task<string> TextAsync(string path)
    {
        using var answer = await _client.GetAsync(path);
        return await answer.Content.ReadAsStringAsync();
    }
}
