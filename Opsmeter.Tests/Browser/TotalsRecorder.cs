using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Opsmeter.Tests.Browser;

/// <summary>
/// Watches what a page says a range's total is: looks whenever anything in the document has changed, before it is painted,
/// so that not even one wrong frame goes unseen.
/// </summary>
internal static class TotalsRecorder
{
    // Each page shows the total once; with one endpoint, user, model and version it is the cost of the one row.
    private const string Script = """
        (() => {
          const totals = ['.figure[aria-label=Spend] .figure-value', '.spend-row[data-value] .spend-cost .money', '.spend-row[data-model] .spend-cost .money', '[data-version] .version-cost .money'];
          window.seen = [];
          window.shifts = [];
          let last = '';
          const look = () => {
            const total = totals.map((one) => document.querySelector(`main ${one}`)).find((one) => one);
            const waiting = !total && document.querySelector('main .skeleton') !== null;
            const now = { page: document.querySelector('main h1')?.textContent ?? '', query: location.search, range: document.querySelector('[data-range]')?.textContent ?? '', total: total?.textContent ?? '', waiting };
            const text = JSON.stringify(now);
            if (text !== last) { last = text; window.seen.push({ at: Date.now(), ...now }); }
          };
          new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
          new PerformanceObserver((list) => list.getEntries().forEach((one) => {
            if (!one.hadRecentInput) window.shifts.push({ value: one.value, of: one.sources.map((source) => source.node?.className ?? '').join(' ') });
          })).observe({ type: 'layout-shift', buffered: true });
        })();
        """;

    /// <summary>Begins with the next document.</summary>
    public static Task StartAsync(IPage page) => page.AddInitScriptAsync(Script);

    /// <summary>What has been seen since the document was opened, in order.</summary>
    public static async Task<IReadOnlyList<SeenTotal>> SeenAsync(IPage page) =>
        [.. (await page.EvaluateAsync<JsonElement>("() => window.seen")).EnumerateArray().Select(one => new SeenTotal(
            DateTimeOffset.FromUnixTimeMilliseconds(one.GetProperty("at").GetInt64()),
            one.GetProperty("page").GetString()!,
            one.GetProperty("query").GetString()!,
            one.GetProperty("range").GetString()!.Trim(),
            Amount(one.GetProperty("total").GetString()!.Trim()),
            one.GetProperty("waiting").GetBoolean()))];

    /// <summary>How far the layout has jumped without anyone touching it: the sum of all shifts, which is no less than CLS.</summary>
    public static async Task<(double Sum, string Of)> ShiftsAsync(IPage page)
    {
        var shifts = await page.EvaluateAsync<JsonElement>("() => window.shifts");
        return (
            shifts.EnumerateArray().Sum(one => one.GetProperty("value").GetDouble()),
            string.Join("; ", shifts.EnumerateArray().Select(one => one.ToString())));
    }

    // What is no amount is none of ours to judge; it shows as not a total that was ever true.
    private static decimal? Amount(string text) => text.Length == 0
        ? null
        : decimal.TryParse(text.TrimStart('$'), NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) ? amount : -1;
}
