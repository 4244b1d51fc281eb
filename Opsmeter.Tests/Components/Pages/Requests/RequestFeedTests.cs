using System.Globalization;
using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Components.Pages.Requests;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Components.Pages.Requests;

public sealed class RequestFeedTests : IAsyncLifetime
{
    private const int Many = RequestFeed.PageSize + 30;
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private readonly TestOpsmeter _opsmeter = new(now: Now);
    private HttpClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _client = await _opsmeter.ClientAsync();

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Fact]
    public async Task ReachAsync_ManyAtOnce_ReadsEachRequestOnce()
    {
        await PostAsync(0, Many);
        var feed = Feed();
        await feed.RefreshAsync(new RequestFilter(), isFollowing: true, Cancellation);
        feed.HasMore.Should().BeTrue();

        await Task.WhenAll(feed.ReachAsync(Many, Cancellation), feed.ReachAsync(RequestFeed.PageSize + 1, Cancellation), feed.ReachAsync(10_000, Cancellation));

        feed.Items.Should().HaveCount(Many).And.OnlyHaveUniqueItems(item => item.Seq);
        feed.Items![^1].ExternalRequestId.Should().Be("r0");
        feed.HasMore.Should().BeFalse();
    }

    [Fact]
    public async Task ReachAsync_OfAPageDrawnAMomentAgo_ReadsOnBeforeItsFirstRefresh()
    {
        await PostAsync(0, Many);
        await Feed().RefreshAsync(new RequestFilter(), isFollowing: true, Cancellation);
        var feed = Feed();
        feed.Items.Should().HaveCount(RequestFeed.PageSize);

        await feed.ReachAsync(Many, Cancellation);

        feed.Items.Should().HaveCount(Many);
    }

    [Fact]
    public async Task ReachAsync_Cancelled_LeavesTheListUsable()
    {
        await PostAsync(0, Many);
        var feed = Feed();
        await feed.RefreshAsync(new RequestFilter(), isFollowing: true, Cancellation);

        var stopped = () => feed.ReachAsync(Many, new CancellationToken(canceled: true));

        await stopped.Should().ThrowAsync<OperationCanceledException>();
        await feed.ReachAsync(Many, Cancellation);
        feed.Items.Should().HaveCount(Many).And.OnlyHaveUniqueItems(item => item.Seq);
    }

    [Fact]
    public async Task RefreshAsync_WhileSomeoneReads_CountsWhatCameInAndMovesNothing()
    {
        await PostAsync(0, 3);
        var feed = Feed();
        await feed.RefreshAsync(new RequestFilter(), isFollowing: true, Cancellation);
        await PostAsync(3, 2);

        (await feed.RefreshAsync(new RequestFilter(), isFollowing: false, Cancellation)).Should().BeFalse();

        feed.Items!.Select(item => item.ExternalRequestId).Should().Equal("r2", "r1", "r0");
        feed.Waiting.Should().Be(2);

        (await feed.RefreshAsync(new RequestFilter(), isFollowing: true, Cancellation)).Should().BeTrue();
        feed.Items![0].ExternalRequestId.Should().Be("r4");
        feed.Waiting.Should().Be(0);
    }

    [Fact]
    public async Task RefreshAsync_NothingNew_SaysSoAndKeepsWhatWasScrolledTo()
    {
        await PostAsync(0, Many);
        var feed = Feed();
        await feed.RefreshAsync(new RequestFilter(), isFollowing: true, Cancellation);
        await feed.ReachAsync(Many, Cancellation);

        (await feed.RefreshAsync(new RequestFilter(), isFollowing: true, Cancellation)).Should().BeFalse();

        feed.Items.Should().HaveCount(Many);
    }

    private RequestFeed Feed() => new(
        _opsmeter.Services.GetRequiredService<RequestList>(), _opsmeter.Services.GetRequiredService<RecentReads>(), Store.WorkspaceId, new RequestFilter(), "");

    private async Task PostAsync(int first, int count)
    {
        var rows = Enumerable.Range(first, count)
            .Select(i => RowText.Of($"r{i}", Now.AddHours(-1).AddSeconds(i).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
        var answer = await _client.PostAsync("/v1/ingest/llm-requests", $"[{string.Join(',', rows)}]");
        answer["accepted"].GetInt32().Should().Be(count, answer.Text);
    }
}
