using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>Who is in the workspace, as what, and who is invited.</summary>
public sealed partial class MembersPage(
    MemberRoles members, AccountLinks links, Successions successions, IDialogService dialogs, ISnackbar snackbar)
{
    private IReadOnlyList<MemberItem>? _members;
    private IReadOnlyList<AccountLink> _invitations = [];
    private (string Title, string Text, string Link)? _made;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    private bool CanManage => Visitor.Can(Permission.ManageMembers);

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => LoadAsync();

    private static string Factors(MemberItem member)
    {
        string?[] parts =
        [
            member.HasCode ? "code" : null,
            member.Passkeys > 0 ? $"{Count.Format(member.Passkeys)} {(member.Passkeys == 1 ? "passkey" : "passkeys")}" : null,
        ];
        return string.Join(", ", parts.OfType<string>()) is { Length: > 0 } text ? text : "none";
    }

    private async Task LoadAsync()
    {
        _members = await members.ListAsync(Visitor.WorkspaceId);
        _invitations = CanManage ? await links.InvitationsAsync(Visitor.WorkspaceId) : [];
    }

    private async Task InviteAsync()
    {
        if (await InviteDialog.AskAsync(dialogs, [.. (_members ?? []).Select(member => member.Email)]) is not { } wanted || !CanManage)
        {
            return;
        }

        if (await links.CreateAsync(Visitor.WorkspaceId, AccountLinkKind.Invitation, wanted.Email, wanted.Role, Visitor.ActorFor(Permission.ManageMembers)) is not { } secret)
        {
            snackbar.Add("Too many invitations wait. Withdraw some first.", Severity.Error);
            return;
        }

        _made = ($"{wanted.Email} is invited", "Give them this link: it is shown this once, works once, and is good for seven days.", LinkTo("join", secret));
        await LoadAsync();
    }

    private async Task WithdrawAsync(AccountLink invitation)
    {
        if (CanManage && await links.WithdrawAsync(Visitor.WorkspaceId, invitation.Id, Visitor.ActorFor(Permission.ManageMembers)))
        {
            snackbar.Add($"The invitation of {invitation.Email} is good for nothing now.", Severity.Success);
        }

        _made = null;
        await LoadAsync();
    }

    private async Task ActAsync(MemberItem member, MemberAct act)
    {
        _made = null;
        var problem = act switch
        {
            MemberAct.ChangeRole => await ChangeRoleAsync(member),
            MemberAct.Suspend => await members.SuspendAsync(Visitor, member.Id, suspend: true),
            MemberAct.Resume => await members.SuspendAsync(Visitor, member.Id, suspend: false),
            MemberAct.NewPassword => await NewPasswordAsync(member),
            MemberAct.ForgetCode => await ForgetCodeAsync(member),
            MemberAct.Remove => await RemoveAsync(member),
        };
        if (problem is not null)
        {
            snackbar.Add(problem, Severity.Error);
        }

        await LoadAsync();
    }

    private async Task<string?> ChangeRoleAsync(MemberItem member) =>
        await RoleDialog.AskAsync(dialogs, member) is { } role && role != member.Role ? await members.ChangeAsync(Visitor, member.Id, role) : null;

    private async Task<string?> NewPasswordAsync(MemberItem member)
    {
        var (secret, wrong) = await members.NewPasswordAsync(Visitor, member.Id);
        _made = secret is null ? null
            : ($"A new password for {member.Email}", "Give them this link: it is shown this once, works once, and is good for two hours. The old password works until then.", LinkTo("new-password", secret));
        return wrong;
    }

    private async Task<string?> ForgetCodeAsync(MemberItem member) =>
        await ConfirmDialog.AskAsync(
            dialogs, $"Take the code off {member.Email}?", "Take it off", "For somebody who lost the authenticator and the spare codes. Their password alone lets them in until they set a code up again.",
            ["They are signed out everywhere."])
            ? await members.ForgetCodeAsync(Visitor, member.Id)
            : null;

    private async Task<string?> RemoveAsync(MemberItem member)
    {
        var named = await successions.NamingAsync(Visitor.WorkspaceId, member.Email);
        var others = (_members ?? []).Where(other => other.Id != member.Id && !other.IsSuspended).Select(other => other.Email).ToArray();
        if (await RemoveMemberDialog.AskAsync(dialogs, member.Email, named, others) is not { } answer)
        {
            return null;
        }

        if (named.Count > 0 && await successions.HandOverAsync(Visitor, member.Email, answer.Successor ?? "") is { } wrong)
        {
            return wrong;
        }

        var problem = await members.RemoveAsync(Visitor, member.Id);
        if (problem is null)
        {
            snackbar.Add($"{member.Email} is out: what they had open is refused from now on.", Severity.Success);
        }

        return problem;
    }

    private string LinkTo(string page, string secret) => $"{Navigation.BaseUri}account/{page}?token={secret}";
}
