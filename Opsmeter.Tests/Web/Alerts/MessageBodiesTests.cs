using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Alerts;
using Xunit;

namespace Opsmeter.Tests.Web.Alerts;

public sealed class MessageBodiesTests
{
    private static readonly string Odd = "<!channel> @everyone [x](http://evil.example) **b** <b>&amp; `c` | " + new string('x', 300);

    private static readonly AlertMessage Message = new()
    {
        Type = MessageType.Raised,
        At = new DateTimeOffset(2026, 11, 23, 14, 0, 0, TimeSpan.Zero),
        Severity = MessageSeverity.Critical,
        Title = Odd,
        Facts = [.. Enumerable.Range(0, 30).Select(i => new MessageFact($"Fact {i}", Odd))],
        Lists = [.. Enumerable.Range(0, 10).Select(i => new MessageList($"List {i}", [.. Enumerable.Repeat(Odd, 20)]))],
        Link = new Uri("https://opsmeter.example.com/investigate?from=a&to=b"),
        AcknowledgeLink = new Uri("https://opsmeter.example.com/alerts/acknowledge?token=t"),
        DedupKey = "opsmeter~bud_1~63000000000",
    };

    [Fact]
    public void Slack_ShowsNamesAsPlainTextWithinItsLimits()
    {
        var body = MessageBodies.Slack(Message);

        body["text"]!.GetValue<string>().Should().StartWith("&lt;!channel&gt;");
        var blocks = body["blocks"]!.AsArray();
        blocks.Count.Should().BeLessThanOrEqualTo(50);
        foreach (var text in blocks.Select(block => block!["text"]).OfType<JsonNode>())
        {
            text["type"]!.GetValue<string>().Should().Be("plain_text");
            text["text"]!.GetValue<string>().Length.Should().BeLessThanOrEqualTo(3000);
        }

        blocks[0]!["text"]!["text"]!.GetValue<string>().Length.Should().BeLessThanOrEqualTo(150);
        blocks[^1]!["elements"]!.AsArray().Select(button => button!["url"]!.GetValue<string>()).Should().Equal(Message.Link!.AbsoluteUri, Message.AcknowledgeLink!.AbsoluteUri);
    }

    [Fact]
    public void Teams_ReadsNoMarkdownIntoNamesAndStaysWithin28KB()
    {
        var card = MessageBodies.Teams(Message);
        var usual = MessageBodies.Teams(Message with { Facts = [.. Message.Facts.Take(6)], Lists = [.. Message.Lists.Take(4).Select(list => list with { Lines = [.. list.Lines.Take(10)] })] });

        card["attachments"]![0]!["content"]!["body"]!.AsArray().Select(line => line!["type"]!.GetValue<string>()).Distinct().Should().Equal("RichTextBlock");
        Encoding.UTF8.GetByteCount(usual.ToJsonString()).Should().BeLessThan(28 * 1024);
        Encoding.UTF8.GetByteCount(card.ToJsonString()).Should().BeLessThan(28 * 1024);
    }

    [Fact]
    public void Discord_MentionsNobodyAndStaysWithinItsLimits()
    {
        var body = MessageBodies.Discord(Message);

        body["allowed_mentions"]!["parse"]!.AsArray().Should().BeEmpty();
        var embed = body["embeds"]![0]!;
        embed["title"]!.GetValue<string>().Length.Should().BeLessThanOrEqualTo(256);
        embed["title"]!.GetValue<string>().Should().StartWith("""\<!channel\> \@everyone \[x\]\(http\://evil.example\) \*\*b\*\*""");
        var fields = embed["fields"]!.AsArray();
        fields.Count.Should().BeLessThanOrEqualTo(25);
        fields.Should().OnlyContain(field => field!["value"]!.GetValue<string>().Length <= 1024 && field["name"]!.GetValue<string>().Length <= 256);
        (embed["title"]!.GetValue<string>().Length + fields.Sum(field => field!["name"]!.GetValue<string>().Length + field["value"]!.GetValue<string>().Length)
            + (embed["description"]?.GetValue<string>().Length ?? 0)).Should().BeLessThanOrEqualTo(6000);
    }

    [Theory]
    [InlineData(MessageType.Raised, "trigger")]
    [InlineData(MessageType.Escalated, "trigger")]
    [InlineData(MessageType.Acknowledged, "acknowledge")]
    [InlineData(MessageType.Recovered, "resolve")]
    [InlineData(MessageType.Closed, "resolve")]
    public void Pagerduty_SaysWhatHappenedUnderOneKey(MessageType type, string action)
    {
        var body = MessageBodies.Pagerduty(Message with { Type = type }, "key");

        (body["routing_key"]!.GetValue<string>(), body["event_action"]!.GetValue<string>(), body["dedup_key"]!.GetValue<string>()).Should().Be(("key", action, Message.DedupKey));
        (body["payload"] is not null).Should().Be(action == "trigger");
        if (action == "trigger")
        {
            body["payload"]!["summary"]!.GetValue<string>().Length.Should().BeLessThanOrEqualTo(1024);
            body["payload"]!["severity"]!.GetValue<string>().Should().Be("critical");
        }
    }

    [Fact]
    public void Mail_ShowsNamesAsTheyAre()
    {
        MessageBodies.Html(Message).Should().Contain("&lt;!channel&gt;").And.NotContain("<b>").And.NotContain("<!channel>");
        MessageBodies.Text(Message).Should().Contain("<!channel> @everyone").And.Contain("Acknowledge: https://opsmeter.example.com/alerts/acknowledge?token=t");
    }

    [Fact]
    public async Task Webhook_IsVerifiedByTheReferenceLibraryWithEitherSecretWhileOneIsReplaced()
    {
        await using var sink = await MessageSink.StartAsync();
        await using var opsmeter = await MessageOpsmeter.StartAsync();
        opsmeter.Clock!.Advance(TimeProvider.System.GetUtcNow() - opsmeter.Clock.GetUtcNow());
        using var client = await opsmeter.ClientAsync();
        var made = await client.ChannelAsync("Ops", "webhook", sink.Url + "/ops");
        var (id, former) = (made.GetProperty("id").GetString(), made.GetProperty("secret").GetString()!);
        const string Newer = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        (await client.SendAsync(
            HttpMethod.Put, "/v1/channels/" + id, new JsonObject { ["name"] = "Ops", ["kind"] = "webhook", ["url"] = sink.Url + "/ops", ["secret"] = Newer }.ToJsonString())).Status.Should().Be(200);

        (await client.PostAsync($"/v1/channels/{id}/test", ""))["delivered"].GetBoolean().Should().BeTrue();
        opsmeter.Clock.Advance(TimeSpan.FromHours(25));
        (await client.PostAsync($"/v1/channels/{id}/test", ""))["delivered"].GetBoolean().Should().BeTrue();

        var (first, later) = (sink.At("/ops")[0], sink.At("/ops")[1]);
        (await VerifyAsync(first, Newer)).Should().Be("ok");
        (await VerifyAsync(first, former)).Should().Be("ok");
        (await VerifyAsync(first, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).Should().StartWith("refused");
        later.Headers["webhook-signature"].Split(' ').Should().ContainSingle();
    }

    private static Task<string> VerifyAsync(ReceivedMessage message, string secret) => NodeScript.RunAsync(
        "verify-webhook.mjs", JsonSerializer.Serialize(new { secret, headers = message.Headers, body = message.Text }));
}
