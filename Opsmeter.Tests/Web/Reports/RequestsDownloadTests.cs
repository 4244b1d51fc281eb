using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

public sealed class RequestsDownloadTests : IAsyncLifetime
{
    private const string Email = "lead@example.com";
    private const string Password = "three quiet orange trains";
    private const string Path = "/export/requests?from=2026-11-20T00:00:00Z&to=2026-11-22T00:00:00Z&endpoint=chat.reply";
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private readonly TestOpsmeter _opsmeter = new(now: Now);

    public async ValueTask InitializeAsync()
    {
        _opsmeter.Settings["Setup:AdminEmail"] = Email;
        _opsmeter.Settings["Setup:AdminPassword"] = Password;
        using var client = await _opsmeter.ClientAsync();
        var answer = await client.PostAsync("/v1/ingest/llm-requests", $"""
            [{RowText.Of("early", "2026-11-19T10:00:00Z")}, {RowText.Of("hit", "2026-11-20T10:00:00Z", user: "=cmd()")},
             {RowText.Of("elsewhere", "2026-11-20T11:00:00Z", endpoint: "lab")}, {RowText.Of("failed", "2026-11-21T11:00:00Z", status: "error")},
             {RowText.Of("staged", "2026-11-20T12:00:00Z", environment: "staging")}]
            """);
        answer["accepted"].GetInt32().Should().Be(5, answer.Text);
    }

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Theory]
    [InlineData("", "failed,hit")]
    [InlineData("&only=errors", "failed")]
    [InlineData("&id=h", "hit")]
    public async Task Download_SignedIn_HasExactlyWhatThePageLists(string more, string ids)
    {
        using var client = await SignedInAsync();

        using var answer = await client.GetAsync(Path + more);
        var text = await answer.Content.ReadAsStringAsync();

        answer.Content.Headers.ContentDisposition!.FileName.Should().Be("requests-2026-11-20-to-2026-11-21.csv");
        var lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string.Join(',', lines[1..].Select(line => line.Split(',')[0])).Should().Be(ids);
        text.Should().NotContain(",=cmd()");
    }

    [Fact]
    public async Task Download_NotSignedIn_GetsNothing()
    {
        using var client = _opsmeter.CreateClient(new() { AllowAutoRedirect = false });

        using var answer = await client.GetAsync(Path);

        ((int)answer.StatusCode).Should().BeOneOf(302, 401);
        (await answer.Content.ReadAsStringAsync()).Should().BeEmpty();
    }

    private async Task<HttpClient> SignedInAsync()
    {
        var client = _opsmeter.CreateClient(new() { AllowAutoRedirect = false });
        var entered = await new PageVisitor(client).SubmitAsync("/account/sign-in", ("Input.Email", Email), ("Input.Password", Password));
        entered.Status.Should().Be(302, entered.Text);
        return client;
    }
}
