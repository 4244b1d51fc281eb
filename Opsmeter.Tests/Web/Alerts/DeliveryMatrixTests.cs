using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Web.Alerts;

/// <summary>Every kind, of every scope, to every kind of channel: exactly one message, with who is behind it and a link that works.</summary>
public sealed class DeliveryMatrixTests
{
    private const string PagerdutyKey = "0123456789abcdef0123456789abcdef";

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var kind in new[] { "forecast", "warning", "degraded", "exceeded", "blocked", "recovered" })
        {
            foreach (var scope in new[] { "workspace", "pattern", "tenant" })
            {
                cases.Add(kind, scope);
            }
        }

        cases.Add("burnRate", "workspace");
        cases.Add("burnRate", "pattern");
        cases.Add("burnRate", "tenant");
        cases.Add("surge", "endpoint");
        cases.Add("surge", "tenant");

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Alert_OfKindAndScope_ReachesEachChannelOnce(string kind, string scope)
    {
        await using var sink = await MessageSink.StartAsync();
        await using var mail = await MailSink.StartAsync();
        await using var opsmeter = await MessageOpsmeter.StartAsync(("Alerts:MailServer", $"smtp://127.0.0.1:{mail.Port}/?from=opsmeter@example.com"));
        using var client = await opsmeter.ClientAsync();
        foreach (var channel in new[] { "webhook", "slack", "teams", "discord" })
        {
            await client.ChannelAsync(channel, channel, $"{sink.Url}/{channel}");
        }

        await client.ChannelAsync("pagerduty", "pagerduty", sink.Url + "/pagerduty", PagerdutyKey);
        await client.ChannelAsync("email", "email", "mailto:team@example.com");
        await client.EscalateAsync([(0, "webhook"), (0, "slack"), (0, "teams"), (0, "discord"), (0, "pagerduty"), (0, "email"), (600, "owner")]);

        await RaiseAsync(opsmeter, client, kind, scope, () => sink.At("/slack").Length);

        var expected = kind == "recovered" ? 2 : 1;
        await sink.WaitAsync("/discord", expected);
        var mails = (await mail.WaitAsync(expected)).Count;
        mails.Should().Be(expected, await opsmeter.LedgerAsync(db => Task.FromResult(string.Join(" | ", db.Outbox.Select(row => row.TargetName + " " + row.Attempts + " " + row.Error).ToArray()))));
        foreach (var channel in new[] { "webhook", "slack", "teams", "discord", "pagerduty" })
        {
            var received = await sink.WaitAsync("/" + channel, expected);
            received.Should().HaveCount(expected, channel);

            // A resolved incident is named by its key alone.
            received[channel == "pagerduty" ? 0 : ^1].Text.Replace("\\", "", StringComparison.Ordinal).Should().Contain("agents.plan").And.Contain(PolicyOpsmeter.Owner).And.Contain("/investigate?");
            received[^1].Headers.Should().ContainKey("Content-Length");
            received[^1].Body.Length.Should().BeLessThan(28 * 1024);
        }

        sink.At("/webhook")[^1].Json.GetProperty("data").GetProperty("alert").GetProperty("kinds").EnumerateArray().Select(each => each.GetString()).Should().Contain(kind);
        sink.At("/pagerduty")[^1].Json.GetProperty("event_action").GetString().Should().Be(kind == "recovered" ? "resolve" : "trigger");
        var read = mail.Received[^1].Read();
        (read.HtmlBody + read.TextBody).Should().Contain("agents.plan").And.Contain("acme");

        // The link opens what it names.
        var link = sink.At("/webhook")[^1].Json.GetProperty("data").GetProperty("link").GetString()!;
        using var page = await client.GetAsync(link.Replace("https://opsmeter.example.com/base", "", StringComparison.Ordinal));
        ((int)page.StatusCode).Should().BeLessThan(400);
    }

    private static async Task RaiseAsync(TestOpsmeter opsmeter, HttpClient client, string kind, string scope, Func<int> received)
    {
        List<(string, JsonNode?)> budget = scope switch
        {
            "pattern" => [("conditions", JsonNode.Parse("""[{"dimension":"endpointTag","values":["agents.*"]}]"""))],
            "tenant" => [("per", "tenantId")],
            _ => [],
        };
        if (kind is "burnRate" or "surge")
        {
            await AsUsualAsync(client);
        }

        budget.AddRange(kind switch
        {
            "forecast" => [("limitUsd", 3), ("window", JsonNode.Parse("""{"kind":"month"}""")), ("forecastWarnAt", JsonNode.Parse("0.9"))],
            "degraded" => [("limitUsd", 1), ("cap", "degrade")],
            "blocked" => [("limitUsd", 1), ("cap", "hard")],
            "burnRate" => [("limitUsd", 4), ("cap", "soft")],
            "surge" => [("limitUsd", 1_000), ("cap", "soft")],
            _ => [("limitUsd", 1), ("cap", "soft")],
        });
        var made = await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget([.. budget]));
        made.Status.Should().Be(201, made.Text);
        if (kind == "forecast")
        {
            var first = JsonNode.Parse(PolicyOpsmeter.Row("first", tenant: "acme"))!;
            first["occurredAt"] = PolicyOpsmeter.Now.AddDays(-2).ToString("O", CultureInfo.InvariantCulture);
            await client.CountAsync(first.ToJsonString());
            await client.SpendAtOnceAsync(6, tenant: "acme");
        }
        else if (kind is "burnRate" or "surge")
        {
            // Half a dollar of each endpoint is too little to be a surge of its own.
            await opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1));
            for (var i = 0; i < 22; i++)
            {
                var isEndpoints = (kind, scope) == ("surge", "endpoint");
                var row = JsonNode.Parse(PolicyOpsmeter.Row($"fast-{i}", isEndpoints || i % 2 == 0 ? "agents.plan" : "agents.other", tenant: "acme"))!;
                row["inputTokens"] = isEndpoints ? 400_000 : 200_000;
                await client.CountAsync(row.ToJsonString());
            }
        }
        else
        {
            await client.SpendAtOnceAsync(kind is "warning" or "degraded" ? 9 : 11, tenant: "acme");
        }

        await UntilAsync(opsmeter, () => received() >= 1);
        if (kind == "recovered")
        {
            budget.RemoveAll(change => change.Item1 == "limitUsd");
            List<(string, JsonNode?)> raised = [.. budget.Select(change => (change.Item1, change.Item2?.DeepClone())), ("limitUsd", 100)];
            (await client.SendAsync(HttpMethod.Put, "/v1/budgets/" + made["id"].GetString(), PolicyOpsmeter.Budget([.. raised]))).Status.Should().Be(200);
            await UntilAsync(opsmeter, () => received() >= 2);
        }

        // Nothing more comes.
        await opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1));
    }

    /// <summary>Five days of ten cents an hour.</summary>
    private static async Task AsUsualAsync(HttpClient client)
    {
        var rows = Enumerable.Range(0, 5 * 24).Select(hour =>
        {
            var row = JsonNode.Parse(PolicyOpsmeter.Row($"usual-{hour}", tenant: "acme"))!;
            row["occurredAt"] = PolicyOpsmeter.Now.AddHours(-hour).AddMinutes(-1).ToString("O", CultureInfo.InvariantCulture);
            return row.ToJsonString();
        });
        (await client.PostAsync("/v1/ingest/llm-requests", $"[{string.Join(',', rows)}]")).Status.Should().Be(200);
        (await client.PostAsync("/v1/tiers", $$"""{"pattern":"agents.*","tier":3,"owner":"{{PolicyOpsmeter.Owner}}"}""")).Status.Should().Be(201);
    }

    private static async Task UntilAsync(TestOpsmeter opsmeter, Func<bool> isSo)
    {
        for (var i = 0; i < 100 && !isSo(); i++)
        {
            opsmeter.Clock!.Advance(TimeSpan.FromSeconds(15));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
