using System.Globalization;
using System.Text;
using System.Text.Json;
using AwesomeAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Alerts;
using Xunit;

namespace Opsmeter.Tests.Web.Alerts;

public sealed class DeliveryTests
{
    private static (string, System.Text.Json.Nodes.JsonNode?) DollarADay => ("limitUsd", 1);

    [Fact]
    public void Signature_OfThePublishedVector_IsThePublishedOne() =>
        WebhookSigning.Sign(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("""{"test": 2432232314}"""))
            .Should().Be("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    public async Task Alert_OfAWarning_ReachesTheChannelOnceWithWhoIsBehindItAndALink()
    {
        await using var sink = await MessageSink.StartAsync();
        await using var opsmeter = await MessageOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var secret = (await client.ChannelAsync("Ops", "webhook", sink.Url + "/ops")).GetProperty("secret").GetString()!;
        await client.EscalateAsync([(0, "Ops")]);
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(DollarADay));

        await client.SpendAsync(8, tenant: "acme");
        var message = (await sink.WaitAsync("/ops", 1)).Should().ContainSingle().Subject;
        await opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(3));

        sink.At("/ops").Should().ContainSingle();
        (message.Json.GetProperty("type").GetString(), message.Headers["Content-Type"]).Should().Be(("alert.raised", "application/json"));
        var data = message.Json.GetProperty("data");
        var alert = data.GetProperty("alert");
        (alert.GetProperty("kind").GetString(), alert.GetProperty("owner").GetString()).Should().Be(("degraded", PolicyOpsmeter.Owner));
        alert.GetProperty("concentration").GetProperty("endpoints")[0].GetProperty("value").GetString().Should().Be("agents.plan");
        alert.GetProperty("concentration").GetProperty("tenants")[0].GetProperty("value").GetString().Should().Be("acme");
        data.GetProperty("link").GetString().Should().StartWith("https://opsmeter.example.com/base/investigate?");
        message.Headers["webhook-id"].Should().StartWith("msg_");
        message.Headers["webhook-signature"].Should().Be(WebhookSigning.Sign(
            [secret], message.Headers["webhook-id"], long.Parse(message.Headers["webhook-timestamp"], CultureInfo.InvariantCulture), message.Body));
    }

    [Fact]
    public async Task Alerts_WithinTheCooldown_AreMergedAndOverTheLimitPasses()
    {
        await using var sink = await MessageSink.StartAsync();
        await using var opsmeter = await MessageOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.ChannelAsync("Ops", "webhook", sink.Url + "/ops");
        await client.EscalateAsync([(0, "Ops")]);
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(DollarADay));

        await client.SpendAsync(8);
        await sink.WaitAsync("/ops", 1);
        await opsmeter.Clock!.PassAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2));
        await client.SpendAsync(3);

        (await sink.WaitAsync("/ops", 2, () => opsmeter.Clock!.Advance(TimeSpan.FromMilliseconds(500)))).Select(Kind).Should().Equal("degraded", "blocked");
    }

    [Fact]
    public async Task Channel_ThatAnswers500ForAnHour_IsParkedAndSeenAndOthersAreNotDelayed()
    {
        await using var sink = await MessageSink.StartAsync();
        sink.Answer("/bad", StatusCodes.Status500InternalServerError);
        sink.Answer("/slow", context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        sink.Answer("/endless", async context =>
        {
            var block = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        });
        await using var opsmeter = await MessageOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var bad = (await client.ChannelAsync("Bad", "webhook", sink.Url + "/bad")).GetProperty("id").GetString()!;
        await client.ChannelAsync("Slow", "webhook", sink.Url + "/slow");
        await client.ChannelAsync("Endless", "webhook", sink.Url + "/endless");
        await client.ChannelAsync("Good", "webhook", sink.Url + "/good");
        await client.EscalateAsync([(0, "Slow"), (0, "Bad"), (0, "Endless"), (0, "Good")]);
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(DollarADay));

        await client.SpendAsync(8);
        (await sink.WaitAsync("/good", 1)).Should().ContainSingle();
        (await sink.WaitAsync("/endless", 1)).Should().ContainSingle();
        await sink.WaitAsync("/bad", 1);
        await opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(80), TimeSpan.FromMinutes(1));

        var ids = sink.At("/bad").Select(message => message.Headers["webhook-id"]).ToArray();
        ids.Length.Should().BeInRange(8, 20);
        ids.Distinct().Should().ContainSingle();
        var channel = await client.ReadAsync("/v1/channels/" + bad);
        channel["parkedReason"].GetString().Should().Be("It answered 500.");
        (await opsmeter.LedgerAsync(db => db.Outbox.Where(row => row.Target == bad).Select(row => row.ParkedTicks).SingleAsync())).Should().NotBeNull();

        var delivery = (await client.ReadAsync("/v1/alerts"))["items"][0].GetProperty("deliveries").EnumerateArray().Single(each => each.GetProperty("to").GetString() == "Bad");
        delivery.GetProperty("log").EnumerateArray().Select(attempt => attempt.GetProperty("status").GetInt32()).Should().HaveCount(ids.Length).And.OnlyContain(status => status == 500);

        // It works again: the test says so, and what it missed is sent under its id.
        sink.Answer("/bad", StatusCodes.Status204NoContent);
        var before = sink.At("/bad").Length;
        (await client.PostAsync($"/v1/channels/{bad}/test", ""))["delivered"].GetBoolean().Should().BeTrue();
        var sent = await sink.WaitAsync("/bad", before + 2, () => opsmeter.Clock!.Advance(TimeSpan.FromSeconds(1)));
        sent[^1].Headers["webhook-id"].Should().Be(ids[0]);
        (await client.ReadAsync("/v1/channels/" + bad))["parkedAt"].ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task Channel_ThatIsGone_IsParkedAtOnce()
    {
        await using var sink = await MessageSink.StartAsync();
        sink.Answer("/gone", StatusCodes.Status410Gone);
        await using var opsmeter = await MessageOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var id = (await client.ChannelAsync("Gone", "slack", sink.Url + "/gone")).GetProperty("id").GetString();
        await client.EscalateAsync([(0, "Gone")]);
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(DollarADay));

        await client.SpendAsync(8);
        await sink.WaitAsync("/gone", 1);
        await opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(2));

        sink.At("/gone").Should().ContainSingle();
        (await client.ReadAsync("/v1/channels/" + id))["parkedReason"].GetString().Should().Contain("410");
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        await using var sink = await MessageSink.StartAsync();
        sink.Answer("/moved", context =>
        {
            context.Response.Redirect(sink.Url + "/elsewhere", permanent: true, preserveMethod: true);
            return Task.CompletedTask;
        });
        await using var opsmeter = await MessageOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var id = (await client.ChannelAsync("Moved", "webhook", sink.Url + "/moved")).GetProperty("id").GetString();

        var answer = await client.PostAsync($"/v1/channels/{id}/test", "");

        (answer["delivered"].GetBoolean(), answer["status"].GetInt32()).Should().Be((false, 308));
        sink.At("/elsewhere").Should().BeEmpty();
    }

    private static string? Kind(ReceivedMessage message) => message.Json.GetProperty("data").GetProperty("alert").GetProperty("kind").GetString();
}
