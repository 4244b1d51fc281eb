using Microsoft.AspNetCore.Components;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Pages.Account;

/// <summary>Makes the first admin of a new store, for whoever has the code from the log.</summary>
public sealed partial class SetUpPage(Members members, SetUpCode code, SignIn signIn, NavigationManager navigation)
{
    private IReadOnlyDictionary<string, string[]> _wrong = new Dictionary<string, string[]>();

    [SupplyParameterFromForm(Name = "Input")]
    private Form? Given { get; set; }

    private Form Input => Given ??= new Form();

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (await members.AnyAsync())
        {
            navigation.NavigateTo("/account/sign-in");
        }
    }

    private async Task MakeAsync()
    {
        if (!code.Check(Input.Code, out var isLocked))
        {
            _wrong = Wrong("code", isLocked
                ? "Too many wrong codes. Restart the server for a new one."
                : "This is not the code in the server's log.");
            return;
        }

        if (Input.Password != Input.Again)
        {
            _wrong = Wrong("again", "The two passwords differ.");
            return;
        }

        _wrong = await members.CreateFirstAsync(Input.Email ?? "", Input.Password ?? "", "set-up page");
        if (_wrong.Count == 0)
        {
            await signIn.TryAsync(Input.Email!, Input.Password!, remember: false);
            navigation.NavigateTo("/quickstart");
        }
    }

    private static Dictionary<string, string[]> Wrong(string field, string message) => new() { [field] = [message] };

    private sealed class Form
    {
        public string? Code { get; set; }

        public string? Email { get; set; }

        public string? Password { get; set; }

        public string? Again { get; set; }
    }
}
