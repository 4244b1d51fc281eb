using System.Globalization;
using System.Text.RegularExpressions;
using AwesomeAssertions;
using Microsoft.Playwright;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Demo;
using Opsmeter.Web.Reports;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Opsmeter.Tests.Browser;

/// <summary>The demo's runaway deploy, found as its users would: from the spike to the feature, the customer and the version.</summary>
[Collection(DemoCollection.Name)]
public sealed class SpikeHuntTests(DemoOpsmeter demo)
{
    private static readonly string[] Parts = ["Volume", "Mix", "Tokens per request", "Unit price", "Newcomers"];

    // What stands on a page of the hunt and says what was found: text that does not move, as the range is past. How a budget
    // stands is of now.
    private const string Found = ".spend-table tbody tr > :not(.spend-budget), .versions tbody tr > *";

    private TestBrowser Browser => demo.Browser;

    private IPage Page => demo.Browser.Page;

    private DemoSpike Planted => DemoSpike.Before(DemoFile.Open(demo.DataFolder, DateTimeOffset.MinValue).MonthEnd, TimeZoneInfo.Utc);

    [Fact]
    public async Task Hunt_FromTheSpikeOnOverview_FindsEndpointTenantAndVersionByOneClickAPage()
    {
        await OpenSpikeAsync();
        var spike = Page.Url;
        await Expect(Page.Locator(".steps-line")).ToContainTextAsync(DemoCompany.Runaway);
        await Expect(Page.Locator(".steps-line")).ToContainTextAsync(DemoCompany.LoudTenant);
        await Expect(Page.Locator(".steps-line")).ToContainTextAsync(DemoCompany.BadVersion);

        await TurnToAsync("e");
        await ExpectTopAsync(DemoCompany.Runaway);
        await ChooseTopAsync("endpoint=" + DemoCompany.Runaway);

        await TurnToAsync("u");
        await Page.GetByRole(AriaRole.Radio, new() { Name = "Tenants" }).CheckAsync();
        await ExpectTopAsync(DemoCompany.LoudTenant);
        await ChooseTopAsync("tenant=" + DemoCompany.LoudTenant);

        await TurnToAsync("p");
        await Expect(Page.Locator("[data-version]").First).ToHaveAttributeAsync("data-version", DemoCompany.BadVersion);
        await Expect(Page.Locator($"[data-version={DemoCompany.BadVersion}] .version-new")).ToHaveTextAsync("just before");

        var view = SpendView.Parse(Page.Url);
        (view with { Filters = [] }).Should().Be(SpendView.Parse(spike), "the hours of the spike were kept from page to page");
        view.Filters.Should().HaveCount(2);
        Browser.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task Hunt_BackReloadAndPastedLink_ShowWhatWasShown()
    {
        await OpenSpikeAsync();
        await TurnToAsync("e");
        var all = await SnapshotAsync();
        await ChooseTopAsync("endpoint=" + DemoCompany.Runaway);
        var chosen = await SnapshotAsync();
        await TurnToAsync("p");
        var versions = await SnapshotAsync();

        await Page.GoBackAsync();
        await ShowsAsync(Page, chosen);
        await Page.GoBackAsync();
        await ShowsAsync(Page, all);
        await Page.GoForwardAsync();
        await ShowsAsync(Page, chosen);
        await Page.ReloadAsync();
        await Browser.LiveAsync();
        await ShowsAsync(Page, chosen);

        var pasted = await Page.Context.NewPageAsync();
        await pasted.GotoAsync(versions.Url);
        await ShowsAsync(pasted, versions);
        await pasted.CloseAsync();
        Browser.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task Investigate_TheSpike_PartsAddUpToTheNanoDollar()
    {
        await OpenSpikeAsync();

        var shown = await ChangeAsync();
        shown.Sum.Should().BeGreaterThan(50, "the planted spike cost more than the same hours a week before");
        shown.Parts[2].Should().BeGreaterThan(0, "it was planted as longer requests");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-30, -23)]
    public async Task Investigate_AgainstThePeriodBefore_SaysTheSameAsTheApi(int startDays, int endDays)
    {
        // The spike, and the first days of the month, before which there was nothing: all of it is newcomers.
        var (from, to) = (Text(Planted.Start.AddDays(startDays)), Text(Planted.End.AddDays(endDays)));
        await Browser.GoAsync($"investigate?from={from}&to={to}");
        var shown = await ChangeAsync();

        using var api = demo.Process.Client();
        var answer = await api.ReadAsync($"/v1/reports/change?from={from}&to={to}");
        string[] names = ["volume", "mix", "tokensPerRequest", "unitPrice", "newcomers"];

        shown.Parts.Should().Equal(names.Select(name => answer[name].GetDecimal()));
        shown.Before.Should().Be(answer["previous"].GetProperty("costUsd").GetDecimal());
        shown.After.Should().Be(answer["costUsd"].GetDecimal());
        shown.Sum.Should().Be(answer["changeUsd"].GetDecimal());
        if (shown.Parts[4] > 0)
        {
            var newcomers = Page.GetByRole(AriaRole.Table, new() { Name = "Newcomers" }).Locator(".money");
            var amounts = await newcomers.EvaluateAllAsync<string[]>("all => all.map(each => each.title)");
            amounts.Sum(Amount).Should().Be(shown.Parts[4]);
        }

        (startDays == 0 || shown.Parts[4] > 0).Should().BeTrue("the second range is there for its newcomers");
    }

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    // Money.Format: "−$1,234.567".
    private static decimal Amount(string text) =>
        decimal.Parse(text.Replace("$", "", StringComparison.Ordinal).Replace('\u2212', '-'), NumberStyles.Number, CultureInfo.InvariantCulture);

    private static async Task ShowsAsync(IPage page, (string Url, IReadOnlyList<string> Texts) wanted)
    {
        await Expect(page).ToHaveURLAsync(wanted.Url);
        await Expect(page.Locator(Found)).ToHaveTextAsync(wanted.Texts);
    }

    private async Task OpenSpikeAsync()
    {
        await Browser.GoAsync("");

        // The oldest: the live traffic runs away again while the tests look.
        await Page.Locator(".chart-note-text").Filter(new() { HasText = "spike" }).First.ClickAsync();
        await Page.Locator("[data-sum]").WaitForAsync();
        var view = SpendView.Parse(Page.Url);
        view.From.Should().Be(Text(Planted.Start), "that is when it was planted");

        // Late in the evening few requests come, and an hour of them may not stand out.
        view.To.Should().BeOneOf(Text(Planted.End), Text(Planted.End.AddHours(-1)));
    }

    private async Task TurnToAsync(string key)
    {
        var link = Page.Locator($"nav a[data-key={key}]");
        await link.ClickAsync();
        await Expect(link).ToHaveAttributeAsync("aria-current", "page");
        await Page.Locator(".spend-row, [data-version]").First.WaitForAsync();
    }

    // Waits: a long table is drawn in parts, and takes a moment to begin at its first row.
    private Task ExpectTopAsync(string value) => Expect(Page.Locator(".spend-row").First).ToHaveAttributeAsync("data-value", value);

    private async Task ChooseTopAsync(string filter)
    {
        await Page.Locator(".spend-row .spend-label a").First.ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Regex(Regex.Escape(filter)));
        await Expect(Page.Locator(".spend-row")).ToHaveCountAsync(1);
    }

    private async Task<(string Url, IReadOnlyList<string> Texts)> SnapshotAsync()
    {
        var texts = await Page.Locator(Found).AllTextContentsAsync();
        texts.Should().NotBeEmpty();
        return (Page.Url, texts);
    }

    private async Task<(decimal Before, decimal[] Parts, decimal Sum, decimal After)> ChangeAsync()
    {
        await Page.Locator("[data-sum]").WaitForAsync();
        var parts = new List<decimal>();
        foreach (var name in Parts)
        {
            parts.Add(await ReadAsync($"[data-part='{name}'] [data-exact]"));
        }

        var (before, sum, after) = (await ReadAsync("[data-before]"), await ReadAsync("[data-sum]"), await ReadAsync("[data-after]"));
        (await Page.Locator("[data-part]").CountAsync()).Should().Be(Parts.Length);
        parts.Sum().Should().Be(sum);
        (before + sum).Should().Be(after);
        return (before, [.. parts], sum, after);

        async Task<decimal> ReadAsync(string selector) => Amount(await Page.Locator(selector).InnerTextAsync());
    }
}
