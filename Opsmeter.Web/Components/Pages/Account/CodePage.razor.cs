using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Pages.Account;

/// <summary>The second step of signing in, after the right password.</summary>
public sealed partial class CodePage(SignIn signIn, NavigationManager navigation)
{
    private string? _wrong;

    /// <summary>Where to go afterwards.</summary>
    [SupplyParameterFromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    [SupplyParameterFromForm(Name = "Input")]
    private Form? Given { get; set; }

    [CascadingParameter]
    private HttpContext Context { get; set; } = default!;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (!await signIn.IsHalfwayAsync())
        {
            navigation.NavigateTo("/account/sign-in");
        }
    }

    private async Task EnterAsync()
    {
        switch (await signIn.FinishAsync(Given?.Code ?? ""))
        {
            case SignIn.Outcome.Done:
                navigation.NavigateTo(AccountApi.IsLocal(ReturnUrl) ? ReturnUrl! : "/");
                return;
            case SignIn.Outcome.TooMany:
                Context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                _wrong = AccountWords.TooMany;
                return;
            case SignIn.Outcome.NeedsCode:
            case SignIn.Outcome.Wrong:
            case SignIn.Outcome.Unsafe:
                _wrong = AccountWords.WrongCode;
                return;
        }
    }

    private sealed class Form
    {
        public string? Code { get; set; }
    }
}
