using System.Globalization;
using AwesomeAssertions;
using Microsoft.Playwright;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Reports;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Opsmeter.Tests.Browser;

/// <summary>What pages show while requests come in: only totals that were true, of the range they name, and nothing jumps.</summary>
public sealed class LiveNumbersTests : IDisposable
{
    private const string Day = "Last 24 hours";
    private const string Week = "Last 7 days";

    // A second on a machine at leisure. Where reading is slow, a page reads less often: up to twenty times what it takes.
    private static readonly TimeSpan MostBehind = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Turning = TimeSpan.FromSeconds(1.5);

    // So far apart that no total of one range could be one of the other.
    private static readonly Dictionary<string, decimal> Before = new(StringComparer.Ordinal) { [Day] = 1, [Week] = 101 };

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pages_LiveTraffic_ShowOnlyTotalsThatWereTrueAndNothingJumps()
    {
        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);
        using var app = opsmeter.Client();
        await SpentAsync(app, "day", TimeSpan.FromHours(2), 1);
        await SpentAsync(app, "week", TimeSpan.FromDays(3), 100);
        await using var browser = await TestBrowser.OpenAsync(opsmeter.Address);
        await browser.SignInAsync();
        await TotalsRecorder.StartAsync(browser.Page);

        await using var traffic = new LiveTraffic(app);
        await browser.GoAsync("");
        await RisesAsync(browser.Page, times: 2);
        var loaded = await TotalsRecorder.ShiftsAsync(browser.Page);
        await ChooseAsync(browser.Page, Day);
        await RisesAsync(browser.Page, times: 2);

        // Back and forth faster than anyone reads: the answer to the range before comes while the next is asked for.
        for (var turn = 0; turn < 6; turn++)
        {
            await ChooseAsync(browser.Page, turn % 2 == 0 ? Week : Day);
        }

        foreach (var (key, range) in new[] { ("e", Week), ("u", Day), ("m", Week), ("p", Day), ("o", Week) })
        {
            await browser.Page.Locator($"nav a[data-key={key}]").ClickAsync();
            await Expect(browser.Page.Locator($"nav a[data-key={key}]")).ToHaveAttributeAsync("aria-current", "page");
            await RisesAsync(browser.Page, times: 1);
            await ChooseAsync(browser.Page, range);
            await RisesAsync(browser.Page, times: 1);
        }

        await traffic.StopAsync();
        var seen = await TotalsRecorder.SeenAsync(browser.Page);
        var shifts = await TotalsRecorder.ShiftsAsync(browser.Page);

        string.Join('\n', Wrong(seen, traffic)).Should().BeEmpty();
        seen.Where(one => one.Total is not null).Select(one => (one.Page, one.Range)).Distinct().Should().HaveCount(10, "five pages were watched in two ranges");
        (shifts.Sum - loaded.Sum).Should().BeLessThan(0.1, shifts.Of);
        browser.Errors.Should().BeEmpty();
    }

    private static IEnumerable<string> Wrong(IReadOnlyList<SeenTotal> seen, LiveTraffic traffic)
    {
        var most = new Dictionary<string, decimal>(StringComparer.Ordinal);
        var shown = new HashSet<(string, string, int)>();
        var visit = 0;
        for (var i = 0; i < seen.Count; i++)
        {
            var one = seen[i];
            var until = i + 1 < seen.Count ? seen[i + 1].At : one.At;
            visit += i > 0 && (seen[i - 1].Page, seen[i - 1].Range) != (one.Page, one.Range) ? 1 : 0;
            if (one.Total is not { } total)
            {
                if (one.IsWaiting && shown.Contains((one.Page, one.Range, visit)))
                {
                    yield return $"{one} dropped what it had shown";
                }

                continue;
            }

            shown.Add((one.Page, one.Range, visit));
            if (!Before.TryGetValue(one.Range, out var before) || (total - before) % LiveTraffic.Each != 0)
            {
                yield return $"{one} is no total of its range";
                continue;
            }

            var calls = (total - before) / LiveTraffic.Each;
            if (calls < 0 || calls > traffic.SentBy(one.At))
            {
                yield return $"{one} was never true: {traffic.SentBy(one.At)} calls had been sent";
            }

            if (until - one.At > Turning && calls < traffic.AnsweredBy(until - MostBehind))
            {
                yield return $"{one} stood until {until:HH:mm:ss.fff}, when {traffic.AnsweredBy(until - MostBehind)} calls had long been answered";
            }

            if (total < most.GetValueOrDefault(one.Range))
            {
                yield return $"{one} fell from {most[one.Range]}";
            }

            most[one.Range] = Math.Max(total, most.GetValueOrDefault(one.Range));
            if (until - one.At > Turning && SpendView.Parse(one.Query).From != (one.Range == Day ? "now-24h" : SpendView.UsualFrom))
            {
                yield return $"{one} stood under the other range's address";
            }
        }
    }

    private static async Task ChooseAsync(IPage page, string range)
    {
        await page.Locator("[data-range-menu] summary").ClickAsync();
        await page.Locator("[data-range-menu]").GetByText(range, new() { Exact = true }).Last.ClickAsync();
        await Expect(page.Locator("[data-range]")).ToHaveTextAsync(range);
    }

    /// <summary>Waits until the total has been seen to move.</summary>
    private static async Task RisesAsync(IPage page, int times)
    {
        await page.WaitForFunctionAsync(
            """
            ([times, range]) => {
              const here = (one) => one.page === document.querySelector('main h1').textContent && one.range.trim() === range && one.total;
              let from = window.seen.length;
              while (from > 0 && here(window.seen[from - 1])) from--;
              return new Set(window.seen.slice(from).map((one) => one.total)).size > times;
            }
            """,
            new object[] { times, (await page.Locator("[data-range]").InnerTextAsync()).Trim() });
    }

    private static async Task SpentAsync(HttpClient app, string id, TimeSpan ago, long usd)
    {
        var at = (TimeProvider.System.GetUtcNow() - ago).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var answer = await app.PostAsync("/v1/ingest/llm-request", RowText.Of(id, at: at, user: "someone", input: usd * 4_000_000, output: 0));
        answer.Status.Should().Be(200, answer.Text);
    }
}
