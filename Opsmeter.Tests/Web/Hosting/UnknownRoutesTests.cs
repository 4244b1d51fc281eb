using System.Net.Http.Json;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Hosting;

public sealed class UnknownRoutesTests : IAsyncDisposable
{
    private readonly TestOpsmeter _opsmeter = new();

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Theory]
    [InlineData("GET", "/v1/traces", 404, "")]
    [InlineData("POST", "/v1/traces", 404, "")]
    [InlineData("POST", "/v1/ingest/litellm", 404, "")]
    [InlineData("PUT", "/v1/prices/one", 404, "")]
    [InlineData("DELETE", "/v1", 404, "")]
    [InlineData("GET", "/v1/decisions", 405, "POST")]
    [InlineData("PATCH", "/v1/budgets/one", 405, "DELETE, GET, PUT")]
    [InlineData("POST", "/v1/budgets/state", 405, "GET")]
    public async Task Route_ThatIsNotThere_IsAnswered404AndOneWithOtherMethods405(string method, string path, int status, string allow)
    {
        using var client = await _opsmeter.ClientAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = JsonContent.Create(new { }) };
        using var answer = await client.SendAsync(request);

        ((int)answer.StatusCode).Should().Be(status);
        string.Join(", ", answer.Content.Headers.Allow).Should().Be(allow);
        answer.Content.Headers.ContentType?.MediaType.Should().Be("application/problem+json");
    }
}
