using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AwesomeAssertions;
using Microsoft.Extensions.Time.Testing;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Web.Alerts;

/// <summary>Who hears of an alert when, by a clock that the test moves.</summary>
public sealed partial class EscalationTests : IAsyncLifetime
{
    private MessageSink _sink = null!;
    private TestOpsmeter _opsmeter = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _sink = await MessageSink.StartAsync();
        _opsmeter = await MessageOpsmeter.StartAsync();
        _client = await _opsmeter.ClientAsync();
    }

    private FakeTimeProvider Clock => _opsmeter.Clock!;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _opsmeter.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task Unacknowledged_GoesUpStepByStepAndIsRecordedAtTheEnd()
    {
        await StartAsync([(0, "First"), (15, "Second"), (30, "Third")]);
        await _client.SpendAtOnceAsync(11);

        (await _sink.WaitAsync("/first", 1)).Select(Type).Should().Equal("alert.raised");
        await Clock.PassAsync(TimeSpan.FromMinutes(14));
        _sink.At("/second").Should().BeEmpty();
        await Clock.PassAsync(TimeSpan.FromMinutes(2));
        (await _sink.WaitAsync("/second", 1)).Select(Type).Should().Equal("alert.escalated");
        await Clock.PassAsync(TimeSpan.FromMinutes(15));
        (await _sink.WaitAsync("/third", 1)).Should().ContainSingle();
        (await AlertAsync()).GetProperty("unreachedAt").ValueKind.Should().Be(JsonValueKind.Null);
        await Clock.PassAsync(TimeSpan.FromMinutes(16));

        var alert = await AlertAsync();
        alert.GetProperty("unreachedAt").ValueKind.Should().Be(JsonValueKind.String);
        alert.GetProperty("state").GetString().Should().Be("open");
        _sink.Received.Should().HaveCount(3);
    }

    [Fact]
    public async Task AcknowledgedBetweenSteps_NobodyElseIsToldAndProgramsLearnWho()
    {
        await StartAsync([(0, "First"), (15, "Second")]);
        await _client.SpendAtOnceAsync(11);
        await _sink.WaitAsync("/first", 1);
        await Clock.PassAsync(TimeSpan.FromMinutes(5));

        (await AlertAsync()).GetProperty("nextStep").GetProperty("notify").GetString().Should().Be("Second");
        await _client.PostAsync($"/v1/alerts/{(await AlertAsync()).GetProperty("id").GetString()}/acknowledge", "{}");
        await Clock.PassAsync(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));

        (await _sink.WaitAsync("/first", 2)).Select(Type).Should().Equal("alert.raised", "alert.acknowledged");
        _sink.At("/second").Should().BeEmpty();
        (await AlertAsync()).GetProperty("nextStep").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task Tier1_TakesTheFastPath()
    {
        (await _client.PostAsync("/v1/tiers", """{"pattern":"agents.*","tier":1}""")).Status.Should().Be(201);
        await StartAsync([(0, "First"), (60, "Second")], (0, "First"), (2, "Third"));
        await _client.SpendAtOnceAsync(11);
        await _sink.WaitAsync("/first", 1);

        await Clock.PassAsync(TimeSpan.FromMinutes(3));

        (await _sink.WaitAsync("/third", 1)).Should().ContainSingle();
        _sink.At("/second").Should().BeEmpty();
    }

    [Fact]
    public async Task Warning_IsToldOnceAndAsksNobodyToAcknowledge_WhatIsWorseReopensIt()
    {
        await StartAsync([(0, "First"), (15, "Second")]);
        await _client.SpendAtOnceAsync(8);
        await _sink.WaitAsync("/first", 1);
        await _client.PostAsync($"/v1/alerts/{(await AlertAsync()).GetProperty("id").GetString()}/acknowledge", "{}");
        await Clock.PassAsync(TimeSpan.FromMinutes(30));
        _sink.At("/second").Should().BeEmpty();

        await _client.SpendAtOnceAsync(3);
        await _sink.WaitAsync("/first", 3, () => Clock.Advance(TimeSpan.FromSeconds(1)));
        (await AlertAsync()).GetProperty("state").GetString().Should().Be("open");
        await Clock.PassAsync(TimeSpan.FromMinutes(16));
        (await _sink.WaitAsync("/second", 1)).Select(Type).Should().Equal("alert.escalated");
    }

    [Fact]
    public async Task Snoozed_OverMidnight_IsToldAgainThenAndGoesUpFromThere()
    {
        await StartAsync([(0, "First"), (15, "Second")], [], ("window", JsonNode.Parse("""{"kind":"month"}""")));
        await _client.SpendAtOnceAsync(11);
        await _sink.WaitAsync("/first", 1);
        var until = PolicyOpsmeter.Now.AddHours(18);

        (await _client.PostAsync(
            $"/v1/alerts/{(await AlertAsync()).GetProperty("id").GetString()}/snooze", new JsonObject { ["until"] = until.ToString("O") }.ToJsonString())).Status.Should().Be(204);
        await Clock.PassAsync(TimeSpan.FromHours(17.5), TimeSpan.FromMinutes(10));
        (_sink.At("/first").Length, _sink.At("/second").Length).Should().Be((1, 0));
        await Clock.PassAsync(TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(1));
        (await _sink.WaitAsync("/first", 2)).Should().HaveCount(2);
        await Clock.PassAsync(TimeSpan.FromMinutes(10));

        (await _sink.WaitAsync("/second", 1)).Select(Type).Should().Equal("alert.escalated");
    }

    [Fact]
    public async Task WindowsEnd_StopsItSilentlyButForPrograms()
    {
        await StartAsync([(0, "First"), (15, "Second")], [], ("window", JsonNode.Parse("""{"kind":"hour"}""")));
        await Clock.PassAsync(TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(5));
        await _client.SpendAtOnceAsync(11);
        await _sink.WaitAsync("/first", 1);

        await Clock.PassAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(1));

        (await _sink.WaitAsync("/first", 2)).Select(Type).Should().Equal("alert.raised", "alert.closed");
        _sink.At("/second").Should().BeEmpty();
    }

    [Fact]
    public async Task Backup_IsToldByMailAndTheLinkOfItsMailAcknowledgesOnce()
    {
        await using var mail = await MailSink.StartAsync();
        await using var opsmeter = await MessageOpsmeter.StartAsync(("Alerts:MailServer", $"smtp://opsmeter:open%20sesame@127.0.0.1:{mail.Port}/?from=opsmeter@example.com"));
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", 1), ("backup", PolicyOpsmeter.Backup)));
        await client.SpendAtOnceAsync(11, endpoint: "agents.<b>plan</b>");
        await mail.WaitAsync(1);
        (await opsmeter.LedgerAsync(db => Task.FromResult(string.Join('|', db.Outbox.Select(row => row.Error).ToArray())))).Should().BeEmpty();
        await opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(16));
        var received = await mail.WaitAsync(2);
        received.Select(each => each.To.Single()).Should().Equal(PolicyOpsmeter.Owner, PolicyOpsmeter.Backup);
        received.Should().OnlyContain(each => each.User == "opsmeter" && each.From == "opsmeter@example.com");

        var read = received[1].Read();
        read.Subject.Should().StartWith("Not acknowledged yet: Agents research is blocked: $1.10 of $1.00");
        read.HtmlBody.Should().Contain("agents.&lt;b&gt;plan").And.NotContain("<b>");
        read.TextBody.Should().Contain("agents.<b>plan</b>: $1.10, 100%");
        var link = AcknowledgeLink().Match(read.TextBody).Groups[1].Value;
        using var browser = opsmeter.CreateClient();
        var page = await browser.GetStringAsync("/" + link);
        page.Should().Contain("Say that you know");
        (await AlertAsync(client)).GetProperty("state").GetString().Should().Be("open");

        (await PressAsync(browser, "/" + link, page)).Should().Contain("Acknowledged");
        (await AlertAsync(client)).GetProperty("acknowledgedBy").GetString().Should().Be(PolicyOpsmeter.Backup);
        (await PressAsync(browser, "/" + link, await browser.GetStringAsync("/" + link))).Should().Contain("Someone knows already");
        (await browser.GetStringAsync("/alerts/acknowledge?token=made-up")).Should().Contain("leads nowhere");
        (await opsmeter.AuditAsync("alert.acknowledge")).Should().ContainSingle().Which.Actor.Should().Be(PolicyOpsmeter.Backup);
    }

    [Fact]
    public async Task Owner_WithoutAMailServer_IsSeenAsNotReached()
    {
        await StartAsync([(0, "owner")]);
        await _client.SpendAtOnceAsync(11);
        var alert = await AlertAsync();

        for (var i = 0; i < 100 && alert.GetProperty("deliveries").GetArrayLength() == 0; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System);
            alert = await AlertAsync();
        }

        var delivery = alert.GetProperty("deliveries").EnumerateArray().Single();
        (delivery.GetProperty("to").GetString(), delivery.GetProperty("state").GetString()).Should().Be((PolicyOpsmeter.Owner, "parked"));
        delivery.GetProperty("error").GetString().Should().Contain("Alerts__MailServer");
    }

    private static async Task<string> PressAsync(HttpClient browser, string path, string page)
    {
        using var form = new FormUrlEncodedContent(FormField().Matches(page).Select(match => KeyValuePair.Create(match.Groups[1].Value, System.Net.WebUtility.HtmlDecode(match.Groups[2].Value))));
        using var answer = await browser.PostAsync(path, form);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task StartAsync((int After, string Notify)[] steps, params (int After, string Notify)[] fast) => await StartAsync(steps, fast, []);

    private async Task StartAsync((int After, string Notify)[] steps, (int After, string Notify)[] fast, params (string Name, JsonNode? Value)[] changes)
    {
        foreach (var name in new[] { "First", "Second", "Third" })
        {
            await _client.ChannelAsync(name, "webhook", _sink.Url + "/" + name.ToLowerInvariant());
        }

        await _client.EscalateAsync(steps, fast);
        (await _client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget([("limitUsd", 1), .. changes]))).Status.Should().Be(201);
    }

    private Task<JsonElement> AlertAsync() => AlertAsync(_client);

    private static async Task<JsonElement> AlertAsync(HttpClient client) => (await client.ReadAsync("/v1/alerts"))["items"].EnumerateArray().Single();

    private static string? Type(ReceivedMessage message) => message.Json.GetProperty("type").GetString();

    [GeneratedRegex(@"Acknowledge: https://opsmeter\.example\.com/base/(\S+)")]
    private static partial Regex AcknowledgeLink();

    [GeneratedRegex("""<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"[^>]*>""")]
    private static partial Regex FormField();
}
