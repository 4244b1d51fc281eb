using System.Diagnostics;
using System.Text.RegularExpressions;
using AwesomeAssertions;
using Microsoft.Playwright;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Demo;
using Opsmeter.Web.Reports;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Opsmeter.Tests.Browser;

/// <summary>From the demo's planted spike: its tenant is refused in two clicks, and becomes a budget of each tenant in three more.</summary>
[Collection(DemoCollection.Name)]
public sealed class ContainTests(DemoOpsmeter demo)
{
    private IPage Page => demo.Browser.Page;

    [Fact]
    public async Task Spike_TwoClicks_RefuseTheTenantAndThreeMoreMakeABudget()
    {
        using var client = demo.Process.Client();
        var spike = DemoSpike.Before(DemoFile.Open(demo.DataFolder, DateTimeOffset.MinValue).MonthEnd, TimeZoneInfo.Utc);
        await demo.Browser.GoAsync("investigate" + SpendView.Usual.In(new Opsmeter.Core.TimeWindow(spike.Start, spike.End)).ToQuery());
        (await ActionAsync(client, DemoCompany.LoudTenant)).Should().NotBe("contained");

        await Page.Locator($"[data-contain={DemoCompany.LoudTenant}]").ClickAsync();
        await Page.Locator("[data-confirm-contain]").ClickAsync();

        var started = Stopwatch.GetTimestamp();
        while (await ActionAsync(client, DemoCompany.LoudTenant) != "contained")
        {
            Stopwatch.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(1));
        }

        (await ActionAsync(client, "tenant_somebody_else")).Should().NotBe("contained");
        await Expect(Page.GetByText($"{DemoCompany.LoudTenant} is contained")).ToBeVisibleAsync();

        await Page.Locator($"[data-control={DemoCompany.LoudTenant}]").ClickAsync();
        await Expect(Page.Locator("#f-limitUsd")).Not.ToBeEmptyAsync();
        await Expect(Page.Locator(".replay-figures")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Page.Locator("[data-save]").ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Regex("/budgets/bud_"));

        var id = Page.Url.Split('/')[^1].Split('?')[0];
        var made = await client.ReadAsync($"/v1/budgets/{id}");
        (made["per"].GetString(), made["cap"].GetString()).Should().Be(("tenantId", "hard"));
        await demo.Browser.GoAsync("users/one?tenant=" + DemoCompany.LoudTenant);
        await Expect(Page.Locator("[data-containment]")).ToHaveCountAsync(1);
        await demo.Browser.GoAsync("endpoints/one?endpoint=agents.research");
        await Expect(Page.Locator(".panel").First).ToBeVisibleAsync();
        await Expect(Page.Locator("[data-containment]")).ToHaveCountAsync(0);

        await PutBackAsync(client, id);
        demo.Browser.Errors.Should().BeEmpty();
    }

    private static async Task<string?> ActionAsync(HttpClient client, string tenant) => (await client.PostAsync(
        "/v1/decisions", $$"""{"endpointTag":"{{DemoCompany.Runaway}}","tenantId":"{{tenant}}"}"""))["reason"].GetString();

    // Other tests look at the same demo.
    private static async Task PutBackAsync(HttpClient client, string id)
    {
        await client.SendAsync(HttpMethod.Delete, $"/v1/budgets/{id}", null);
        foreach (var item in (await client.ReadAsync("/v1/containments"))["items"].EnumerateArray())
        {
            await client.SendAsync(HttpMethod.Delete, $"/v1/containments/{item.GetProperty("id").GetString()}", null);
        }
    }
}
