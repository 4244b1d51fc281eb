using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;

namespace Opsmeter.Web.Components.Pages.Account;

/// <summary>Signs a member in and goes back to where they wanted to be, inside this app only.</summary>
public sealed partial class SignInPage(SignIn signIn, Members members, DemoState demo, NavigationManager navigation)
{
    private string? _wrong;
    private string? _prefilled;

    /// <summary>Where to go afterwards.</summary>
    [SupplyParameterFromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    [SupplyParameterFromForm(Name = "Input")]
    private Form? Given { get; set; }

    private Form Input => Given ??= new Form();

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (!await members.AnyAsync())
        {
            navigation.NavigateTo("/account/set-up");
        }

        if (demo.IsDemo)
        {
            Input.Email ??= DemoState.Email;
            _prefilled = DemoState.Password;
        }
    }

    private async Task EnterAsync()
    {
        var outcome = await signIn.TryAsync(Input.Email ?? "", Input.Password ?? "", Input.Remember);
        if (outcome == SignIn.Outcome.Done)
        {
            navigation.NavigateTo(IsLocal(ReturnUrl) ? ReturnUrl! : "/");
            return;
        }

        // The same words for every failure: an answer must not tell which addresses exist.
        _wrong = "The e-mail or the password is not right, or there were too many attempts. After ten wrong ones an account rests for five minutes.";
    }

    private static bool IsLocal(string? address) =>
        address is ['/', ..] && address is not (['/', '/', ..] or ['/', '\\', ..]) && !address.Any(char.IsControl);

    private sealed class Form
    {
        public string? Email { get; set; }

        public string? Password { get; set; }

        public bool Remember { get; set; }
    }
}
