using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;

namespace Opsmeter.Web.Components.Pages.Account;

/// <summary>Signs a member in and goes back to where they wanted to be, inside this app only.</summary>
public sealed partial class SignInPage(SignIn signIn, Members members, DemoState demo, HostingOptions hosting, SignInProvider providers, NavigationManager navigation)
{
    private string? _wrong;
    private string? _prefilled;

    /// <summary>Where to go afterwards.</summary>
    [SupplyParameterFromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    /// <summary>What a provider's answer came to, where one did not let in.</summary>
    [SupplyParameterFromQuery(Name = "refused")]
    public string? Refused { get; set; }

    [SupplyParameterFromForm(Name = "Input")]
    private Form? Given { get; set; }

    [CascadingParameter]
    private HttpContext Context { get; set; } = default!;

    private Form Input => Given ??= new Form();

    private bool IsSafe => hosting.IsSafe(Context);

    private string Target => AccountApi.IsLocal(ReturnUrl) ? ReturnUrl! : "/";

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (!await members.AnyAsync())
        {
            navigation.NavigateTo("/account/set-up");
        }

        // From an open page whose role or workspace changed: the session goes on.
        if (HttpMethods.IsGet(Context.Request.Method) && Visitor.Of(Context.User) is not null)
        {
            navigation.NavigateTo(Target);
        }

        if (Refused is not null)
        {
            _wrong = AccountWords.ProviderRefused;
        }

        if (demo.IsDemo)
        {
            Input.Email ??= DemoState.Email;
            _prefilled = DemoState.Password;
        }
    }

    private async Task EnterAsync()
    {
        switch (await signIn.TryAsync(Input.Email ?? "", Input.Password ?? "", Input.Remember))
        {
            case SignIn.Outcome.Done:
                navigation.NavigateTo(Target);
                return;
            case SignIn.Outcome.NeedsCode:
                navigation.NavigateTo("/account/code?returnUrl=" + Uri.EscapeDataString(Target));
                return;
            case SignIn.Outcome.TooMany:
                Context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                _wrong = AccountWords.TooMany;
                return;
            case SignIn.Outcome.Wrong:
            case SignIn.Outcome.Unsafe:
                _wrong = AccountWords.Wrong;
                return;
        }
    }

    private sealed class Form
    {
        public string? Email { get; set; }

        public string? Password { get; set; }

        public bool Remember { get; set; }
    }
}
