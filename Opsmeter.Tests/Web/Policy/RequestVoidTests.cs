using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

public sealed class RequestVoidTests
{
    [Fact]
    public async Task Void_SecondRevision_TakesItOutOfTheBudgetAndIsAudited()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var path = (await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", 0.15)))).Location!;
        await client.CountAsync(PolicyOpsmeter.Row("req/1"));
        await client.CountAsync(PolicyOpsmeter.Row("req/1", "agents.act"));
        (await client.SpentAsync()).Should().Be(0.2m);

        var voided = await client.PostAsync("/v1/requests/req%2F1/void", """{"revision":2,"reason":"Sent twice."}""");
        var again = await client.PostAsync("/v1/requests/req%2F1/void", """{"revision":2,"reason":"Sent twice."}""");

        voided.Status.Should().Be(200, voided.Text);
        again.Status.Should().Be(404, "it counts no longer");
        (await client.SpentAsync()).Should().Be(0.1m);
        (await client.ReadAsync(path + "/transitions"))["items"][0].GetProperty("cause").GetString().Should().Be("correction");
        var row = (await opsmeter.AuditAsync("request.void")).Should().ContainSingle().Subject;
        (row.Target, row.After).Should().Be(("req/1~2", "Sent twice."));
        row.Actor.Should().StartWith("key opm_");
    }

    [Theory]
    [InlineData("req_1", """{"revision":2,"reason":"x"}""", 404, null)]
    [InlineData("req_2", """{"revision":1,"reason":"x"}""", 404, null)]
    [InlineData("req_1", """{"revision":-7,"reason":"x"}""", 404, null)]
    [InlineData("req_1", """{"revision":1,"reason":" "}""", 400, "reason")]
    [InlineData("req_1", """{"revision":1,"reason":5}""", 400, "reason")]
    [InlineData("req_1", """{"reason":"x"}""", 400, "revision")]
    [InlineData("req_1", """{"revision":"1","reason":"x"}""", 400, "revision")]
    public async Task Void_NoSuchRowOrNoReason_ChangesNothing(string id, string body, int status, string? field)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget());
        await client.CountAsync(PolicyOpsmeter.Row("req_1"));

        var answer = await client.PostAsync($"/v1/requests/{id}/void", body);

        answer.Status.Should().Be(status, answer.Text);
        if (field is not null)
        {
            answer["errors"].EnumerateObject().Select(error => error.Name).Should().Equal(field);
        }

        (await client.SpentAsync()).Should().Be(0.1m);
        (await opsmeter.AuditAsync("request.void")).Should().BeEmpty();
    }
}
