using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Storage.Facts;
using Xunit;

namespace Opsmeter.Tests.Web.Storage;

/// <summary>What goes on for long leaves the threads alone that read requests and send answers.</summary>
public sealed class LongWorkTests
{
    private static readonly FactScan Everything = new() { FromTicks = 0, ToTicks = long.MaxValue, Rows = true, Dimensions = [], Measures = [FactColumn.Cost] };

    [Fact]
    public async Task Scan_IsDoneOnThreadsOfItsOwn()
    {
        await using var opsmeter = new TestOpsmeter();
        using var client = await opsmeter.ClientAsync();
        (await client.PostAsync("/v1/ingest/llm-request", RowText.Of("req_1", endpoint: "chat.reply"))).Status.Should().Be(200);
        var facts = opsmeter.Services.GetRequiredService<FactStore>();
        var pooled = new List<bool>();

        var sums = await facts.ScanAsync(
            facts[Store.WorkspaceId], Everything, () => Thread.CurrentThread.IsThreadPoolThread, (_, _) => pooled.Add(Thread.CurrentThread.IsThreadPoolThread),
            TestContext.Current.CancellationToken);

        sums.Should().OnlyContain(isPooled => !isPooled);
        pooled.Should().Equal([false], "there is one row, and it is read");
    }

    [Fact]
    public async Task Work_ThatFailsOrIsNotBegun_SaysSo()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var failing = () => LongWork.RunAsync<int>(() => throw new InvalidDataException("damaged"), TestContext.Current.CancellationToken);
        var late = () => LongWork.RunAsync(() => 1, cancelled.Token);

        await failing.Should().ThrowAsync<InvalidDataException>();
        await late.Should().ThrowAsync<OperationCanceledException>();
    }
}
