using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Pages.Account;

/// <summary>Sets a new password by a link that an admin made, or that came by mail.</summary>
public sealed partial class NewPasswordPage(AccountLinks links, Members members, AttemptLimit attempts, NavigationManager navigation)
{
    private AccountLink? _link;
    private IReadOnlyDictionary<string, string[]> _wrong = new Dictionary<string, string[]>();

    /// <summary>The link's secret.</summary>
    [SupplyParameterFromQuery(Name = "token")]
    public string? Token { get; set; }

    [SupplyParameterFromForm(Name = "Input")]
    private Form? Given { get; set; }

    [CascadingParameter]
    private HttpContext Context { get; set; } = default!;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        _link = attempts.MayTry(Context) && await links.FindAsync(Token) is { Kind: AccountLinkKind.NewPassword } link ? link : null;
        if (_link is null)
        {
            attempts.CountWrong(Context);
        }
    }

    private async Task SetAsync()
    {
        if (_link is null)
        {
            return;
        }

        if (Given?.Password != Given?.Again)
        {
            _wrong = new Dictionary<string, string[]> { ["again"] = ["The two passwords differ."] };
            return;
        }

        _wrong = await members.SetPasswordAsync(_link, Given?.Password ?? "");
        if (_wrong.Count == 0)
        {
            navigation.NavigateTo("/account/sign-in");
        }
    }

    private sealed class Form
    {
        public string? Password { get; set; }

        public string? Again { get; set; }
    }
}
