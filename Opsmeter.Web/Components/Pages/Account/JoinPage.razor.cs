using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Pages.Account;

/// <summary>Accepts an invitation: with a new password, or as the member that one is already.</summary>
public sealed partial class JoinPage(
    AccountLinks links, Members members, MemberRoll roll, MemberSessions sessions, SignIn signIn, AttemptLimit attempts, HostingOptions hosting, NavigationManager navigation)
{
    private AccountLink? _invitation;
    private bool _isKnown;
    private IReadOnlyDictionary<string, string[]> _wrong = new Dictionary<string, string[]>();

    /// <summary>The invitation's secret.</summary>
    [SupplyParameterFromQuery(Name = "token")]
    public string? Token { get; set; }

    [SupplyParameterFromForm(Name = "Input")]
    private Form? Given { get; set; }

    [CascadingParameter]
    private HttpContext Context { get; set; } = default!;

    private bool IsThem => Visitor.Of(Context.User)?.Email.Equals(_invitation?.Email, StringComparison.OrdinalIgnoreCase) == true;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        _invitation = attempts.MayTry(Context) && await links.FindAsync(Token) is { Kind: AccountLinkKind.Invitation } link ? link : null;
        if (_invitation is null)
        {
            attempts.CountWrong(Context);
            return;
        }

        await roll.ReloadAsync();
        _isKnown = await members.IsKnownAsync(_invitation.Email);
    }

    private async Task JoinAsync()
    {
        if (_invitation is null || _isKnown)
        {
            return;
        }

        if (!hosting.IsSafe(Context))
        {
            _wrong = Wrong("link", "This address is not encrypted. Open the invitation over https.");
            return;
        }

        if (Given?.Password != Given?.Again)
        {
            _wrong = Wrong("again", "The two passwords differ.");
            return;
        }

        _wrong = await members.JoinAsync(_invitation, Given?.Password ?? "");
        if (_wrong.Count == 0)
        {
            await signIn.TryAsync(_invitation.Email, Given?.Password ?? "", remember: false);
            navigation.NavigateTo("/");
        }
    }

    private async Task JoinKnownAsync()
    {
        if (_invitation is null || Visitor.Of(Context.User) is not { SessionId: { } session } visitor)
        {
            return;
        }

        _wrong = await members.JoinAsync(_invitation, visitor);
        if (_wrong.Count == 0)
        {
            await sessions.MoveAsync(visitor.MemberId, session, _invitation.WorkspaceId);
            navigation.NavigateTo("/");
        }
    }

    private static Dictionary<string, string[]> Wrong(string field, string message) => new() { [field] = [message] };

    private sealed class Form
    {
        public string? Password { get; set; }

        public string? Again { get; set; }
    }
}
