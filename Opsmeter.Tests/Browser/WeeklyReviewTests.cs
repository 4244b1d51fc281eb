using System.Globalization;
using System.Text.RegularExpressions;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Opsmeter.Tests.Browser;

/// <summary>The review of the demo's month: each kind of suggestion with its replay; accepting one changes the policy and the audit log.</summary>
public sealed class WeeklyReviewTests(DemoOpsmeter demo) : IClassFixture<DemoOpsmeter>
{
    [Fact]
    public async Task Review_OfTheDemo_SuggestsReplaysAndChangesThePolicy()
    {
        var page = demo.Browser.Page;
        using var client = demo.Process.Client();

        // Whether a limit of the demo's own is off depends on the day and its hour; this one is, on any.
        var wide = await client.PostAsync(
            "/v1/budgets", $$"""{"name":"All of it","limitUsd":100000,"window":{"kind":"day"},"owner":"{{OpsmeterProcess.AdminEmail}}","escalation":"default"}""");
        wide.Status.Should().Be(201, wide.Text);
        await demo.Browser.GoAsync("review");
        foreach (var kind in new[] { "Limit", "Warning", "Tier" })
        {
            await Expect(page.Locator($".suggestion[data-suggestion={kind}] .suggestion-replay").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        }

        var warning = page.Locator(".suggestion[data-suggestion=Warning][data-target=bud_demo_extract]");
        await Expect(warning).ToContainTextAsync("reached the warning, and none the limit");

        // The demo's month ends today, so the advice depends on the day; what is accepted is what the card says.
        var warnAt = Regex.Match(await warning.InnerTextAsync(), @"→\s*(\d+) %");
        await warning.Locator("[data-act=accept]").ClickAsync();
        await Expect(page.Locator(".suggestion.is-decided").Filter(new() { HasText = "accepted" })).ToHaveCountAsync(1);

        var tier = page.Locator(".suggestion[data-suggestion=Tier]");
        await tier.Locator("[data-act=accept]").ClickAsync();
        await Expect(page.Locator(".suggestion.is-decided").Filter(new() { HasText = "accepted" })).ToHaveCountAsync(2, new() { Timeout = 20_000 });

        var limit = page.Locator(".suggestion[data-suggestion=Limit]:not(.is-decided)").First;
        var limited = await limit.GetAttributeAsync("data-target", new() { Timeout = 30_000 });
        await limit.Locator("[data-act=adjust]").ClickAsync(new() { Timeout = 30_000 });
        await limit.Locator("input").FillAsync("123.5");
        await limit.Locator("[data-act=set]").ClickAsync();
        await Expect(page.Locator(".suggestion.is-decided").Filter(new() { HasText = "adjusted" })).ToHaveCountAsync(1, new() { Timeout = 20_000 });
        await page.GetByText("Mark reviewed").ClickAsync();
        await Expect(page.Locator("[data-reviewed]")).ToBeVisibleAsync();

        await page.ReloadAsync();
        await Expect(page.Locator("[data-reviewed]")).ToBeVisibleAsync();
        await Expect(page.Locator(".suggestion.is-decided").Filter(new() { HasText = "accepted" })).ToHaveCountAsync(2);
        (await client.ReadAsync("/v1/budgets/bud_demo_extract"))["warnAt"].GetDecimal().Should()
            .Be(decimal.Parse(warnAt.Groups[1].Value, CultureInfo.InvariantCulture) / 100);
        (await client.ReadAsync("/v1/budgets/" + limited))["limitUsd"].GetDecimal().Should().Be(123.5m);
        (await client.ReadAsync("/v1/tiers"))["items"].EnumerateArray().Single(entry => entry.GetProperty("pattern").GetString() == "translate.*").GetProperty("tier").GetInt32().Should().Be(1);
        var audit = (await client.ReadAsync("/v1/audit"))["items"].EnumerateArray().Select(item => item.GetProperty("action").GetString()).ToArray();
        audit.Should().Contain(["budget.replace", "tier.replace", "review.accepted", "review.adjusted", "review.marked"]);
        demo.Browser.Errors.Should().BeEmpty();
    }
}
