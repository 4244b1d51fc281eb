using AwesomeAssertions;
using Microsoft.AspNetCore.Mvc.Testing;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

public sealed class SpendExportTests : IAsyncLifetime
{
    private const string Email = "lead@example.com";
    private const string Password = "three quiet orange trains";
    private readonly TestOpsmeter _opsmeter = new();

    public ValueTask InitializeAsync()
    {
        _opsmeter.Settings["Setup:AdminEmail"] = Email;
        _opsmeter.Settings["Setup:AdminPassword"] = Password;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Theory]
    [InlineData("/export/values?by=endpointTag", "chat.reply,0.00125,1,0,0.00125,1,0,0,0.00125,100")]
    [InlineData("/export/models", "gpt-5-mini,openai,,0.00125,1,0,0,1000,500,0,0,0,0,100,100")]
    public async Task Export_Member_GetsAFileAndNobodyElse(string path, string row)
    {
        using var writer = await _opsmeter.ClientAsync();
        (await writer.PostAsync("/v1/ingest/llm-request", RowText.Of("a"))).Status.Should().Be(200);
        using var client = _opsmeter.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        var visitor = new PageVisitor(client);

        (await visitor.OpenAsync(path)).Status.Should().Be(302);
        (await writer.ReadAsync(path)).Text.Should().NotContain("gpt-5-mini", "a key opens no page");
        (await visitor.SubmitAsync("/account/sign-in", ("Input.Email", Email), ("Input.Password", Password))).Status.Should().Be(302);
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).Should().Be(200);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/csv");
        answer.Content.Headers.ContentDisposition!.FileNameStar.Should().StartWith("opsmeter-spend-by-").And.EndWith(".csv");
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\r\n")[1].Should().Be(row);
    }

    [Fact]
    public async Task Pages_OfEndpointsUsersAndModels_OpenWithAnyCharacters()
    {
        using var client = _opsmeter.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        var visitor = new PageVisitor(client);
        await visitor.SubmitAsync("/account/sign-in", ("Input.Email", Email), ("Input.Password", Password));

        foreach (var path in new[]
        {
            "/endpoints", "/endpoints?sort=-change&q=x", "/endpoints/one", "/endpoints/one?endpoint=%3Cb%3E%26%2F%3F", "/users", "/users?of=tenant",
            "/users/one?user=a%20b", "/users/one?tenant=%3Cscript%3E&of=tenant", "/models", "/models?compare=none",
        })
        {
            var (status, _, text) = await visitor.OpenAsync(path);
            status.Should().Be(200, path);
            text.Should().NotContain("<b>&/?").And.NotContain("This page could not be shown", path);
        }
    }
}
