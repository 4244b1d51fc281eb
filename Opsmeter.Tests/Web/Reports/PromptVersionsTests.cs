using System.Globalization;
using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

public sealed class PromptVersionsTests : IAsyncLifetime
{
    private const int Enough = 200;
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private readonly TestOpsmeter _opsmeter = new(now: Now);
    private PromptVersions _versions = null!;

    // v10 came before v9, which outputs twice as much; v8 after them is new and has too few; v7 is of another endpoint.
    public async ValueTask InitializeAsync()
    {
        using var client = await _opsmeter.ClientAsync();
        _versions = _opsmeter.Services.GetRequiredService<PromptVersions>();
        IEnumerable<string> rows =
        [
            Row("old", Now.AddDays(-20), "v10", output: 500),
            .. Enumerable.Range(0, Enough).Select(i => Row($"a{i}", Now.AddDays(-6).AddMinutes(i), "v10", output: 400 + i, latencyMs: i + 1)),
            .. Enumerable.Range(0, Enough).Select(i => Row($"b{i}", Now.AddDays(-4).AddMinutes(i), "v9", output: 800 + (2 * i), latencyMs: 1_000, status: i < 50 ? "error" : "success")),
            .. Enumerable.Range(0, 5).Select(i => Row($"c{i}", Now.AddDays(-1).AddMinutes(i), "v8", output: 9_000)),
            Row("other", Now.AddDays(-1), "v7", endpoint: "lab", output: 1),
        ];
        var answer = await client.PostAsync("/v1/ingest/llm-requests", $"[{string.Join(',', rows)}]");
        answer["accepted"].GetInt32().Should().Be((2 * Enough) + 7, answer.Text);
    }

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Fact]
    public async Task Read_Versions_ComeInOrderOfAppearanceWithTheDearestEndpointFirst()
    {
        var endpoints = await ReadAsync("");

        endpoints.Select(endpoint => endpoint.EndpointTag).Should().Equal("chat.reply", "lab");
        endpoints[0].Versions.Select(version => (version.Name, version.Before, version.IsNew))
            .Should().Equal(("v10", null, false), ("v9", "v10", true), ("v8", "v9", true));
        endpoints[0].Versions[0].Line.FirstSeen.Should().Be(Now.AddDays(-20));
        endpoints[0].Versions[0].Line.Sums.Requests.Should().Be(Enough, "the request before the range only tells when it was first seen");
        endpoints[0].Versions.Sum(version => version.Share).Should().BeApproximately(1, 1e-9);
    }

    [Fact]
    public async Task Read_TwiceTheOutput_IsClearlyDearerAndFiveRequestsSayNothing()
    {
        var versions = (await ReadAsync(""))[0].Versions;

        // 1,000 of input at 0.25 a million and a mean of 499.5 of output at 2: 1.249 to 2.248 thousandths of a dollar.
        versions[1].Drift!.Ratio.Should().BeApproximately((2.248 / 1.249) - 1, 1e-6);
        versions[1].Drift!.Lower.Should().BeInRange(0.5, 0.8);
        versions[1].Drift!.IsClear.Should().BeTrue();
        versions[2].Drift.Should().BeNull();
    }

    [Fact]
    public async Task Read_VersionFilter_ChangesNoNumberOfTheOthers()
    {
        var all = await ReadAsync("");
        var filtered = await ReadAsync("?version=v9&endpoint=chat.reply");

        filtered.Should().ContainSingle();
        filtered[0].Find("v9").Should().Be(all[0].Find("v9"));
    }

    [Fact]
    public async Task Read_RangeWithoutTheVersionBefore_ComparesWithNone()
    {
        var endpoints = await ReadAsync("?from=now-2d");

        endpoints[0].Versions.Should().ContainSingle().Which.Before.Should().BeNull();
    }

    [Fact]
    public async Task Compare_TwoVersions_SayWhatDiffersAndFromWhere()
    {
        var period = Period("?version=v8");
        var endpoint = (await _versions.ReadAsync(period, TestContext.Current.CancellationToken))[0];

        var comparison = (await _versions.CompareAsync(period, endpoint, "v10", "v9", TestContext.Current.CancellationToken))!;

        comparison.First.Latency.Should().Be(new LatencyPercentiles(100, 190));
        comparison.Second.Latency.Should().Be(new LatencyPercentiles(1_000, 1_000));
        comparison.Second.Line.Sums.Errors.Should().Be(50);
        comparison.Drift!.Ratio.Should().BePositive();
        comparison.Parts!.Output.Should().BeApproximately(499.5 * 2 / 1e6, 1e-9);
        Math.Abs(comparison.Parts.Other).Should().BeLessThan(1e-9, "input, models and prices are the same");
    }

    [Fact]
    public async Task Compare_TheOtherWayRound_IsCheaper()
    {
        var endpoint = (await ReadAsync(""))[0];

        var comparison = (await _versions.CompareAsync(Period(""), endpoint, "v9", "v10", TestContext.Current.CancellationToken))!;

        comparison.Drift!.Upper.Should().BeNegative();
        comparison.Parts!.Output.Should().BeNegative();
    }

    [Theory]
    [InlineData("v10", "v10")]
    [InlineData("v10", "v7")]
    [InlineData("v10", "no-such")]
    public async Task Compare_NotTwoVersionsOfTheEndpoint_IsNothing(string first, string second)
    {
        var endpoint = (await ReadAsync(""))[0];

        (await _versions.CompareAsync(Period(""), endpoint, first, second, TestContext.Current.CancellationToken)).Should().BeNull();
    }

    private Task<IReadOnlyList<EndpointVersions>> ReadAsync(string query) => _versions.ReadAsync(Period(query), TestContext.Current.CancellationToken);

    private SpendPeriod Period(string query) =>
        _opsmeter.Services.GetRequiredService<SpendPeriods>().Of(Store.WorkspaceId, SpendView.Parse(query));

    private static string Row(
        string id, DateTimeOffset at, string version, string endpoint = "chat.reply", long output = 500, int latencyMs = 100, string status = "success") =>
        RowText.Of(
            id, at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), endpoint: endpoint, output: output, latencyMs: latencyMs,
            status: status, version: version);
}
