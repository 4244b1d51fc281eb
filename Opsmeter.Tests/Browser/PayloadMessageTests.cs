using System.Text.Json;
using System.Text.RegularExpressions;
using AwesomeAssertions;
using Opsmeter.Tests.Browser.Payloads;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Browser;

/// <summary>Messages about budgets that are named like scripts: mail shows the names, its subject on one line, chats call nobody and link nowhere.</summary>
[Collection(PayloadCollection.Name)]
[Trait("run", "long")]
public sealed partial class PayloadMessageTests(PayloadFixture fixture)
{
    private PayloadWorkspace Workspace => fixture.Workspace;

    private int Count => Workspace.Payloads.Count;

    [Fact]
    public async Task Mail_OpenedInABrowserWithoutAPolicy_ShowsTextAndRunsNothing()
    {
        var mails = await Workspace.MailsAsync();
        await using var browser = await PayloadBrowser.OpenAsync(Workspace.Process.Address);
        var missing = Workspace.Payloads.Select(payload => payload.Text).ToList();
        foreach (var mail in mails.Select(mail => mail.Read()))
        {
            bool IsIn(string text) => mail.Subject!.Contains(text.ReplaceLineEndings(" "), StringComparison.Ordinal) && mail.TextBody!.Contains(text, StringComparison.Ordinal);
            mail.Headers.Count(header => header.Id == MimeKit.HeaderId.Subject).Should().Be(1);
            mail.To.Mailboxes.Should().ContainSingle().Which.Address.Should().BeOneOf("team@example.com", OpsmeterProcess.AdminEmail);
            await browser.Page.GotoAsync("about:blank");
            await browser.Page.SetContentAsync(mail.HtmlBody!);
            var texts = await browser.LookAsync();
            missing.RemoveAll(text => texts.Skip(1).Any(seen => seen.Contains(text, StringComparison.Ordinal)) && IsIn(text));
            (await browser.Page.EvaluateAsync<string[]>("[...document.links].map((link) => link.origin)")).Should().OnlyContain(origin => origin == "https://opsmeter.example.com");
        }

        string.Join('\n', missing).Should().BeEmpty();
        browser.Noticed.Should().BeEmpty();
    }

    [Fact]
    public async Task Slack_NamesArePlainText_AndMentionNobody()
    {
        var messages = await Workspace.MessagesAsync("/slack");
        foreach (var message in messages)
        {
            message.Json.GetProperty("text").GetString().Should().NotContainAny("<", ">");
            foreach (var text in Objects(message.Json).Where(part => part.TryGetProperty("type", out var type) && type.GetString() is "plain_text" or "mrkdwn"))
            {
                text.GetProperty("type").GetString().Should().Be("plain_text");
            }

            Links(message.Json).Should().OnlyContain(link => link.StartsWith("https://opsmeter.example.com/", StringComparison.Ordinal));
        }

        Missing(messages, text => text).Should().BeEmpty();
    }

    [Fact]
    public async Task Teams_NamesAreRunsOfText()
    {
        var messages = await Workspace.MessagesAsync("/teams");
        foreach (var part in messages.SelectMany(message => Objects(message.Json)).Where(part => part.TryGetProperty("text", out _)))
        {
            part.GetProperty("type").GetString().Should().Be("TextRun");
        }

        messages.SelectMany(message => Links(message.Json)).Should().OnlyContain(link => link.StartsWith("https://opsmeter.example.com/", StringComparison.Ordinal));
        Missing(messages, text => text).Should().BeEmpty();
    }

    [Fact]
    public async Task Discord_NamesHaveNoMarkup_AndMentionNobody()
    {
        var messages = await Workspace.MessagesAsync("/discord");
        foreach (var message in messages)
        {
            message.Json.GetProperty("allowed_mentions").GetProperty("parse").GetArrayLength().Should().Be(0);
            message.Json.TryGetProperty("content", out _).Should().BeFalse();
            var embed = message.Json.GetProperty("embeds")[0];
            foreach (var text in embed.GetProperty("fields").EnumerateArray().SelectMany(field => new[] { field.GetProperty("name"), field.GetProperty("value") }).Append(embed.GetProperty("title")))
            {
                Bare().IsMatch(text.GetString()!).Should().BeFalse(text.GetString());
            }

            embed.GetProperty("description").GetString().Should().MatchRegex("^\\[Acknowledge\\]\\(https://opsmeter\\.example\\.com/[^)]+\\)$");
        }

        Missing(messages, text => Markup().Replace(text, @"\$0")).Should().BeEmpty();
    }

    [Fact]
    public async Task WebhookAndPagerduty_CarryNamesAsTheyAre()
    {
        var webhooks = await Workspace.MessagesAsync("/webhook");
        webhooks.Select(message => message.Json.GetProperty("data").GetProperty("alert").GetProperty("name").GetString())
            .Should().Contain(Workspace.Payloads.Select(payload => payload.Text));
        Missing(webhooks, text => text).Should().BeEmpty();
        Missing(await Workspace.MessagesAsync("/pagerduty"), text => text).Should().BeEmpty();
        (await Workspace.MessagesAsync("/named")).Should().HaveCountGreaterThanOrEqualTo(Count);
    }

    [Fact]
    public async Task AcknowledgeLink_OfAMessage_ShowsTheNameToWhoeverHasIt()
    {
        string.Join('\n', await fixture.LinklessAsync()).Should().BeEmpty();
        fixture.Outside.Noticed.Should().BeEmpty();
    }

    private List<string> Missing(IEnumerable<ReceivedMessage> messages, Func<string, string> written)
    {
        var texts = messages.SelectMany(message => Objects(message.Json)).SelectMany(part => part.EnumerateObject())
            .SelectMany(member => member.Value.ValueKind == JsonValueKind.Array ? [.. member.Value.EnumerateArray()] : new[] { member.Value })
            .Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!).ToArray();
        return [.. Workspace.Payloads.Select(payload => written(payload.Text)).Where(text => !texts.Any(seen => seen.Contains(text, StringComparison.Ordinal)))];
    }

    private static IEnumerable<JsonElement> Objects(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => Objects(member.Value)).Prepend(json),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Objects),
        _ => [],
    };

    private static IEnumerable<string> Links(JsonElement json) =>
        Objects(json).Where(part => part.TryGetProperty("url", out var url) && url.ValueKind == JsonValueKind.String).Select(part => part.GetProperty("url").GetString()!);

    [GeneratedRegex(@"[\\*_~`|<>\[\]()#@:-]")]
    private static partial Regex Markup();

    [GeneratedRegex(@"(?<!\\)(\\\\)*[*_~`|<>\[\]()#@]")]
    private static partial Regex Bare();
}
