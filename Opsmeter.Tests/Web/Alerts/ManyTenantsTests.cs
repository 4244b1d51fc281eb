using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Core.Alerts;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Web.Alerts;

public sealed class ManyTenantsTests
{
    private const int Tenants = 3_000;

    [Fact]
    public async Task HundredTenants_CrossingInOneMinute_AreOneMessage()
    {
        await using var sink = await MessageSink.StartAsync();
        await using var opsmeter = await MessageOpsmeter.StartAsync();
        using var client = await StartAsync(opsmeter, sink);

        for (var i = 0; i < 100; i++)
        {
            await client.SpendAtOnceAsync(11, tenant: $"tenant-{i}");
            opsmeter.Clock!.Advance(TimeSpan.FromMilliseconds(500));
        }

        await opsmeter.Clock!.PassAsync(TimeSpan.FromMinutes(30));

        var message = (await sink.WaitAsync("/ops", 1)).Should().ContainSingle().Subject;
        var alert = message.Json.GetProperty("data").GetProperty("alert");
        (alert.GetProperty("keyCount").GetInt32(), alert.GetProperty("keys").GetArrayLength()).Should().Be((100, 20));
    }

    [Fact]
    public async Task ThreeThousandTenants_ForAWeek_AreAtMostThreeMessagesADay()
    {
        await using var sink = await MessageSink.StartAsync();
        await using var opsmeter = await MessageOpsmeter.StartAsync();
        using var client = await StartAsync(opsmeter, sink);
        var random = new Random(20261123);

        // Few spend much, most spend little, and each has better and worse days.
        double[] usual = [.. Enumerable.Range(0, Tenants).Select(_ => 0.05 * Math.Exp(1.2 * Normal(random)))];
        opsmeter.Clock!.Advance(TimeSpan.FromHours(10));
        for (var hour = 0; hour < 7 * 24; hour++)
        {
            var rows = new JsonArray();
            for (var i = 0; i < Tenants; i++)
            {
                // A tenant reports six times a day, more of them by day than by night.
                if (random.NextDouble() < 0.25 * (1 + Math.Sin((hour - 6) * Math.PI / 12)))
                {
                    var row = JsonNode.Parse(PolicyOpsmeter.Row($"{hour}-{i}", tenant: $"tenant-{i}"))!;
                    row["inputTokens"] = (int)Math.Min(20_000_000, 4_000_000 * usual[i] / 6 * Math.Exp(0.5 * Normal(random)));
                    rows.Add(row);
                }
            }

            foreach (var batch in rows.Select(row => row!.ToJsonString()).Chunk(1_000))
            {
                var answer = await client.PostAsync("/v1/ingest/llm-requests", $"[{string.Join(',', batch)}]");
                answer.Status.Should().Be(200, answer.Text);
            }

            for (var minutes = 0; minutes < 60; minutes += 6)
            {
                opsmeter.Clock.Advance(TimeSpan.FromMinutes(6));
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }
        }

        var raised = await opsmeter.LedgerAsync(db => Task.FromResult(db.Alerts.Count(row => row.Kind >= (int)AlertKind.Exceeded)));
        raised.Should().BeGreaterThan(200, "otherwise the limit says nothing");
        var days = sink.At("/ops").Where(message => message.Json.GetProperty("type").GetString() == "alert.raised").GroupBy(message =>
            DateTimeOffset.Parse(message.Json.GetProperty("timestamp").GetString()!, CultureInfo.InvariantCulture).UtcDateTime.Date).ToDictionary(day => day.Key, day => day.Count());
        days.Values.Sum().Should().BeGreaterThan(0);
        days.Values.Should().OnlyContain(count => count <= 3, JsonSerializer.Serialize(days));
    }

    private static async Task<HttpClient> StartAsync(TestOpsmeter opsmeter, MessageSink sink)
    {
        var client = await opsmeter.ClientAsync();
        await client.ChannelAsync("Ops", "webhook", sink.Url + "/ops");
        await client.EscalateAsync([(0, "Ops"), (600, "backup")]);
        (await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", 1), ("per", "tenantId")))).Status.Should().Be(201);
        return client;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
