using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Alerts;
using Opsmeter.Tests.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Faults;

/// <summary>
/// Kills the server while it raises and sends alerts. In the end each that was raised has reached the receiver, under one
/// id however often it was sent.
/// </summary>
public sealed class DeliveryKillTests(ITestOutputHelper output) : IDisposable
{
    // OPSMETER_KILLS asks for more.
    private static readonly int Cycles =
        int.TryParse(Environment.GetEnvironmentVariable("OPSMETER_KILLS"), System.Globalization.CultureInfo.InvariantCulture, out var kills) ? kills : 20;

    private const int BudgetsACycle = 2;

    private static readonly Dictionary<string, string> Settings = new(OpsmeterProcess.UsualSettings) { ["Alerts__AllowedAddresses"] = "127.0.0.1" };

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_InTheMiddleOfDelivery_EachAlertArrivesUnderOneId()
    {
        await using var sink = await MessageSink.StartAsync();
        sink.KeepsAnsweredAlone = true;
        var random = new Random(20261128);
        sink.Answer("/ops", _ => Task.Delay(TimeSpan.FromMilliseconds(random.Next(150)), TimeProvider.System));
        await using (var first = await OpsmeterProcess.StartAsync(_folder.Path, Settings))
        {
            using var client = first.Client();
            await client.ChannelAsync("Ops", "webhook", sink.Url + "/ops");
            await client.EscalateAsync([(0, "Ops")]);
        }

        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path, Settings);
            using var client = opsmeter.Client();
            for (var i = 0; i < BudgetsACycle; i++)
            {
                var endpoint = string.Create(CultureInfo.InvariantCulture, $"cycle{cycle}.part{i}");
                var budget = PolicyOpsmeter.Body(
                    """{"limitUsd":1,"window":{"kind":"total"},"cap":"soft","escalation":"default"}""", ("name", endpoint), ("owner", OpsmeterProcess.AdminEmail),
                    ("conditions", new JsonArray(new JsonObject { ["dimension"] = "endpointTag", ["values"] = new JsonArray(endpoint) })));
                (await client.PostAsync("/v1/budgets", budget)).Status.Should().Be(201);
                await client.SpendAtOnceAsync(11, endpoint);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(250)), TimeProvider.System);
            await opsmeter.KillAsync();
        }

        await using var last = await OpsmeterProcess.StartAsync(_folder.Path, Settings);
        var started = Stopwatch.GetTimestamp();
        while (Budgets(sink).Count < Cycles * BudgetsACycle && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(90))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        var ids = Budgets(sink);
        ids.Should().HaveCount(Cycles * BudgetsACycle, "none is missing");
        ids.Values.Should().OnlyContain(each => each.Length == 1, "what is sent again has the same id");
        var again = sink.At("/ops").Length - ids.Count;
        output.WriteLine($"{ids.Count} alerts, {again} of them sent again by the id that they had");
    }

    private static Dictionary<string, string[]> Budgets(MessageSink sink) => sink.At("/ops")
        .Where(message => message.Json.GetProperty("type").GetString() == "alert.raised")
        .GroupBy(message => message.Json.GetProperty("data").GetProperty("dedupKey").GetString()!)
        .ToDictionary(budget => budget.Key, budget => budget.Select(message => message.Headers["webhook-id"]).Distinct().ToArray(), StringComparer.Ordinal);
}
