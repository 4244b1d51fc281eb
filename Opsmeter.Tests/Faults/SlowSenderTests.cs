using System.Diagnostics;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Faults;

/// <summary>Callers that are slow on purpose are closed, and the others are answered meanwhile. <c>Opsmeter.Bench -- slow</c> measures it.</summary>
public sealed class SlowSenderTests
{
    private const int Slow = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task SlowSenders_BesideOthers_AreClosedAndOthersAnswered()
    {
        using var folder = new TestFolder();
        await using var opsmeter = await OpsmeterProcess.StartAsync(folder.Path, new Dictionary<string, string>(OpsmeterProcess.UsualSettings)
        {
            ["Limits__HeaderSeconds"] = "2", ["Limits__BodyGraceSeconds"] = "2", ["Limits__KeepAliveSeconds"] = "2", ["Limits__MaxConnections"] = "400",
        });
        using var client = opsmeter.Client();
        using var over = new CancellationTokenSource(Patience);
        var slow = new SlowSenders(opsmeter.Address, OpsmeterProcess.ApiKey, Slow, comeBack: false);

        var sending = slow.RunAsync(over.Token);
        var ingest = SteadyCalls.RunAsync(client, "/v1/ingest/llm-request", i => RowText.Of($"slow-{i}"), 20, TimeSpan.FromSeconds(5));
        var decisions = SteadyCalls.RunAsync(client, "/v1/decisions", _ => """{"endpointTag":"chat.reply"}""", 20, TimeSpan.FromSeconds(5));
        var answers = (await ingest).Concat(await decisions).ToList();
        await sending;

        answers.Should().HaveCount(200).And.OnlyContain(answer => answer.Status == 200);
        slow.Refused.Should().Be(0);
        slow.Closed.Should().Be(Slow, "each is too slow in its own way");
    }

    [Fact]
    public async Task Connections_MoreThanTheLimit_AreClosedAtOnce()
    {
        using var folder = new TestFolder();
        await using var opsmeter = await OpsmeterProcess.StartAsync(
            folder.Path, new Dictionary<string, string>(OpsmeterProcess.UsualSettings) { ["Limits__MaxConnections"] = "20" });
        using var over = new CancellationTokenSource(Patience);
        var idle = new SlowSenders(opsmeter.Address, OpsmeterProcess.ApiKey, 60, comeBack: false);
        var waited = Stopwatch.StartNew();

        var sending = idle.RunAsync(over.Token);
        while (idle.Closed < 40 && waited.Elapsed < Patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        idle.Open.Should().BeLessThanOrEqualTo(20);
        await over.CancelAsync();
        await sending;
    }

    [Fact]
    public async Task Limits_OutOfRange_AreToldInASentence()
    {
        using var folder = new TestFolder();

        var start = async () => await OpsmeterProcess.StartAsync(
            folder.Path, new Dictionary<string, string>(OpsmeterProcess.UsualSettings) { ["Limits__MaxHeaders"] = "1" });

        (await start.Should().ThrowAsync<InvalidOperationException>()).Which.Message
            .Should().EndWith("Opsmeter cannot start. Limits:MaxHeaders must be from 10 to 1000.");
    }

    [Fact]
    public async Task Answers_OfTheServer_DoNotNameIt()
    {
        using var folder = new TestFolder();
        await using var opsmeter = await OpsmeterProcess.StartAsync(folder.Path);
        using var client = opsmeter.Client();

        using var answer = await client.GetAsync("/health/live");

        answer.Headers.Contains("Server").Should().BeFalse();
    }

    [Theory]
    [InlineData(65, 10, 431)]
    [InlineData(20, 2_000, 431)]
    [InlineData(40, 100, 200)]
    public async Task Headers_ManyOrLong_AreRefused(int count, int length, int status)
    {
        using var folder = new TestFolder();
        await using var opsmeter = await OpsmeterProcess.StartAsync(folder.Path);
        using var client = opsmeter.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        foreach (var number in Enumerable.Range(0, count))
        {
            request.Headers.Add($"X-Some-{number}", new string('x', length));
        }

        using var answer = await client.SendAsync(request);

        ((int)answer.StatusCode).Should().Be(status);
    }
}
