using System.Globalization;
using AwesomeAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Opsmeter.Web.Live;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Live;

public sealed class LiveFeedTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LedgerFeed _ledger = new();
    private readonly List<LiveUpdate> _updates = [];

    private LiveFeed Feed => new(_ledger, _time, NullLogger<LiveFeed>.Instance);

    [Fact]
    public void Subscribe_ManyChangesAtOnce_GivesTheFirstAndThenOneMore()
    {
        using var watch = Feed.Subscribe(1, Collect);
        Publish(1);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Publish(2);
        Publish(3);
        _time.Advance(TimeSpan.FromMilliseconds(100));

        _updates.Select(update => update.Rows).Should().Equal(1);
        _time.Advance(LiveFeed.Throttle);
        _updates.Select(update => update.Rows).Should().Equal(1, 5);
    }

    [Fact]
    public void Subscribe_OtherWorkspace_HearsNothing()
    {
        using var watch = Feed.Subscribe(2, Collect);
        Publish(1);
        _time.Advance(TimeSpan.FromSeconds(5));

        _updates.Should().BeEmpty();
    }

    [Fact]
    public void Subscribe_Disposed_HearsNothingMore()
    {
        var watch = Feed.Subscribe(1, Collect);
        Publish(1);
        Publish(2);
        watch.Dispose();
        _time.Advance(TimeSpan.FromSeconds(5));
        Publish(4);
        _time.Advance(TimeSpan.FromSeconds(5));

        _updates.Select(update => update.Rows).Should().Equal(1);
    }

    [Fact]
    public async Task Subscribe_SlowWatcher_IsNeverCalledTwiceAtOnce()
    {
        var gate = new TaskCompletionSource();
        var running = 0;
        using var watch = Feed.Subscribe(1, async update =>
        {
            Interlocked.Increment(ref running).Should().Be(1);
            _updates.Add(update);
            await gate.Task;
            Interlocked.Decrement(ref running);
        });
        Publish(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        Publish(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        _updates.Should().HaveCount(1);

        gate.SetResult();
        for (var i = 0; i < 100 && _updates.Count < 2; i++)
        {
            await Task.Yield();
            _time.Advance(LiveFeed.Throttle);
        }

        _updates.Should().HaveCount(2);
    }

    [Fact]
    public void Subscribe_OtherCultureOnTheWritersThread_KeepsTheSubscribers()
    {
        var before = CultureInfo.CurrentCulture;
        var seen = "";
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("en-US");
            using var watch = Feed.Subscribe(1, _ =>
            {
                seen = CultureInfo.CurrentCulture.Name;
                return Task.CompletedTask;
            });
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Publish(1);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        seen.Should().Be("en-US");
    }

    private Task Collect(LiveUpdate update)
    {
        _updates.Add(update);
        return Task.CompletedTask;
    }

    private void Publish(int rows) =>
        _ledger.Publish(new LedgerChange { WorkspaceId = 1, At = _time.GetUtcNow(), Rows = rows });
}
