using Microsoft.Playwright;

namespace Opsmeter.Tests.Browser.Payloads;

/// <summary>A dialog or menu that shows a name.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Address">The page that has it.</param>
/// <param name="Opener">What opens it.</param>
/// <param name="Within">Where the name is seen then.</param>
internal sealed record PayloadDialog(string Name, Func<ScriptPayload, string> Address, Func<IPage, ScriptPayload, ILocator> Opener, string Within = ".mud-dialog")
{
    /// <summary>The text that it shows for a payload.</summary>
    public Func<ScriptPayload, string> TextOf { get; init; } = payload => payload.Text;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PayloadDialog> All(PayloadWorkspace workspace) =>
    [
        new("contain", each => $"users/one?tenant={each.Escaped}", (page, _) => page.Locator("[data-contain]").First),
        new("saved views", each => $"endpoints?endpoint={each.Escaped}", (page, _) => page.Locator("[data-views-menu] summary"), "[data-views-menu]"),
        new("delete a budget", each => "budgets/" + workspace.BudgetOf(each), (page, _) => page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true })),
        new("raise a budget", each => "budgets/" + workspace.BudgetOf(each), (page, _) => page.Locator("[data-act=raise]")),
        new("revoke a key", _ => "settings/api-keys", (page, each) => Row(page, "tr", each.Text, "Revoke")),
        new("edit a channel", _ => "settings/channels", (page, each) => Row(page, "[data-channel]", each.WithoutAt, "Edit")) { TextOf = payload => payload.WithoutAt },
        new("delete a channel", _ => "settings/channels", (page, each) => Row(page, "[data-channel]", each.WithoutAt, "Delete")) { TextOf = payload => payload.WithoutAt },
        new("edit an escalation", _ => "settings/escalations", (page, each) => Row(page, ".panel", each.Text, "Edit")),
        new("remove a member", _ => "settings/members", (page, each) => Row(page, "[data-member]", each.Text, "Remove")),
        new("edit a tier", _ => "tiers", (page, each) => page.GetByRole(AriaRole.Button, new() { Name = "Edit " + each.Text, Exact = true }).First),
        new("void a request", each => $"requests/one?id={each.Escaped}", (page, _) => page.GetByRole(AriaRole.Button, new() { Name = "Void", Exact = true })),
    ];

    private static ILocator Row(IPage page, string rows, string text, string button) =>
        page.Locator(rows).Filter(new() { HasTextString = text }).First.GetByRole(AriaRole.Button, new() { Name = button, Exact = true });
}
