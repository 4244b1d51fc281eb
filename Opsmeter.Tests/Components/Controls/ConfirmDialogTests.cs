using AwesomeAssertions;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Opsmeter.Web.Components.Controls;
using Xunit;

namespace Opsmeter.Tests.Components.Controls;

public sealed class ConfirmDialogTests : PageContext
{
    [Fact]
    public async Task AskAsync_NameTyped_GoesThrough()
    {
        var (page, answer) = Ask("Agents research");

        page.Find(".button.danger").HasAttribute("disabled").Should().BeTrue();
        page.Find("input").Input("agents research");
        page.Find(".button.danger").HasAttribute("disabled").Should().BeTrue("the name is typed exactly or not at all");
        page.Find("input").Input("Agents research");
        await page.Find(".button.danger").ClickAsync();

        (await answer).Should().BeTrue();
    }

    [Fact]
    public async Task AskAsync_Cancelled_DoesNothing()
    {
        var (page, answer) = Ask(null);

        page.Markup.Should().Contain("412 transitions");
        await page.Find(".button.quiet").ClickAsync();

        (await answer).Should().BeFalse();
    }

    private (IRenderedComponent<MudDialogProvider> Page, Task<bool> Answer) Ask(string? mustType)
    {
        var page = Render<MudDialogProvider>();
        var dialogs = Services.GetRequiredService<IDialogService>();
        Task<bool>? answer = null;
        page.InvokeAsync(() =>
        {
            answer = ConfirmDialog.AskAsync(dialogs, "Delete budget?", "Delete budget", "Gone.", ["412 transitions"], mustType);
        });
        page.WaitForElement(".button.danger");
        return (page, answer!);
    }
}
