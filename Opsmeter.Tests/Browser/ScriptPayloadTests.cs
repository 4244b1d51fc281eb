using System.Reflection;
using AwesomeAssertions;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using Opsmeter.Tests.Browser.Payloads;
using Opsmeter.Web.Components;
using Xunit;

namespace Opsmeter.Tests.Browser;

/// <summary>
/// Texts that are scripts, in every field there is, on every page there is: they are read, and do nothing. Every run tries
/// one of each kind; with <c>OPSMETER_PAYLOADS=40</c> each is tried everywhere.
/// </summary>
[Collection(PayloadCollection.Name)]
[Trait("run", "long")]
public sealed class ScriptPayloadTests(PayloadFixture fixture)
{
    private PayloadWorkspace Workspace => fixture.Workspace;

    private PayloadBrowser Inside => fixture.Inside;

    [Fact]
    public void Payloads_AreForty_AndFitIntoEveryField()
    {
        ScriptPayload.All.Should().HaveCount(40);
        ScriptPayload.All.Select(payload => payload.Number).Should().OnlyHaveUniqueItems();
        ScriptPayload.All.Should().OnlyContain(payload => payload.Text.Length <= 80 && !payload.Text.Contains('*'));
    }

    [Fact]
    public void Route_WithoutAnAddressHere_FailsHere() =>
        typeof(App).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Select(route => route.Template)
            .Should().BeEquivalentTo(PayloadPage.All(Workspace).Select(page => page.Route).Distinct());

    [Fact]
    public void Toast_NamedLikeAPayload_ShowsItsText() => fixture.Toastless.Should().BeEmpty();

    [Fact]
    public async Task Page_FullOfPayloads_ShowsTheirTextAndRunsNothing()
    {
        var unseen = new List<string>();
        foreach (var page in PayloadPage.All(Workspace))
        {
            var browser = page.IsOutside ? fixture.Outside : Inside;
            if (page.IsOutside)
            {
                await fixture.LinklessAsync();
            }

            foreach (var payloads in Workspace.Payloads.Chunk(page.AtOnce))
            {
                await browser.Page.GotoAsync(page.Address(payloads));
                if (!page.IsOutside)
                {
                    await browser.Browser.LiveAsync();
                }

                if (page.Within is not null)
                {
                    await browser.Page.Locator(page.Within).First.WaitForAsync();
                }

                while (page.More is not null && await browser.Page.GetByRole(AriaRole.Button, new() { Name = page.More }).IsVisibleAsync())
                {
                    await browser.Page.GetByRole(AriaRole.Button, new() { Name = page.More }).ClickAsync();
                    await browser.Page.WaitForTimeoutAsync(300);
                }

                foreach (var text in page.Within is null ? [] : payloads.Select(page.TextOf))
                {
                    if (!await browser.SeesAsync(text, page.Within!))
                    {
                        unseen.Add($"{page.Route} within {page.Within}: {text}");
                    }
                }

                await browser.LookAsync();
            }

            fixture.Say(page.Route);
        }

        using var all = new AwesomeAssertions.Execution.AssertionScope();
        string.Join('\n', unseen).Should().BeEmpty("what is not on the page cannot be tested there");
        Inside.Noticed.Should().BeEmpty();
        fixture.Outside.Noticed.Should().BeEmpty();
    }

    [Fact]
    public async Task Chart_OfAPayload_NamesItUnderThePointer()
    {
        foreach (var payloads in Workspace.Payloads.Chunk(PayloadPage.Few))
        {
            await Inside.Browser.GoAsync("?from=now-1d" + PayloadPage.Filters(payloads, "endpoint"));
            var plot = Inside.Page.Locator(".chart-plot svg").First;
            await plot.WaitForAsync();
            var box = (await plot.BoundingBoxAsync())!;
            var unnamed = payloads.Select(payload => payload.Text).ToList();
            for (var x = 0.98f; x > 0.05f && unnamed.Count > 0; x -= 0.03f)
            {
                await Inside.Page.Mouse.MoveAsync(box.X + (box.Width * x), box.Y + (box.Height / 2));
                var texts = await Inside.LookAsync(".chart-pointer");
                unnamed.RemoveAll(text => texts.Contains(text));
            }

            unnamed.Should().BeEmpty();
        }

        Inside.Noticed.Should().BeEmpty();
    }

    [Fact]
    public async Task Dialog_AboutAPayload_ShowsItsText()
    {
        var isWhole = Workspace.Payloads.Count == ScriptPayload.All.Count;
        foreach (var (index, dialog) in PayloadDialog.All(Workspace).Index())
        {
            foreach (var payload in isWhole ? Workspace.Payloads : [Workspace.Payloads[index % Workspace.Payloads.Count]])
            {
                await Inside.Browser.GoAsync(dialog.Address(payload));
                await dialog.Opener(Inside.Page, payload).ClickAsync();

                (await Inside.SeesAsync(dialog.TextOf(payload), dialog.Within)).Should().BeTrue($"{dialog.Name}: {payload.Text}");
                await Inside.LookAsync();
            }
        }

        Inside.Noticed.Should().BeEmpty();
    }

    // Were the detectors blind, all else here would be green whatever the pages do.
    [Fact]
    public async Task Detectors_OfAPageThatTakesTextForMarkup_NoticeIt()
    {
        await using var browser = await PayloadBrowser.OpenAsync(Workspace.Process.Address);
        await browser.Page.GotoAsync("account/sign-in");
        await browser.Page.EvaluateAsync("text => { document.body.insertAdjacentHTML('beforeend', text); }", "<img src=x pwn onerror=__ran(1)>");
        await browser.LookAsync();
        await browser.Page.WaitForTimeoutAsync(300);
        browser.Noticed.Should().Contain(what => what.Contains("refused by the policy: script-src")).And.Contain(what => what.Contains("became an element: <img pwn"))
            .And.NotContain(what => what.EndsWith(" ran"), "the policy stands behind the pages");

        await browser.Page.GotoAsync("about:blank");
        await browser.Page.SetContentAsync("<img src=x pwn onerror=__ran(2)><a href=javascript:__ran(3)>x</a>");
        await browser.LookAsync();
        await browser.Page.WaitForTimeoutAsync(300);
        browser.Noticed.Should().Contain(what => what.Contains("script 2 ran")).And.Contain(what => what.Contains("<a href=\"javascript:"));
    }
}
