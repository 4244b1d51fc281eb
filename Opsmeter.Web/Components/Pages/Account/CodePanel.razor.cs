using System.Text;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using QRCoder;

namespace Opsmeter.Web.Components.Pages.Account;

/// <summary>Sets up the codes of an authenticator, renews the spare ones, turns it off.</summary>
public sealed partial class CodePanel(SecondFactor factor, ISnackbar snackbar)
{
    private const int PixelsPerModule = 4;

    private readonly FormErrors _errors = new();
    private (bool IsOn, int Spare)? _state;
    private (string Secret, string Address)? _begun;
    private string? _picture;
    private IReadOnlyList<string>? _spare;
    private string? _code;
    private string? _password;

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => ReadAsync();

    private static string PictureOf(string address)
    {
        using var data = QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        return "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(code.GetGraphic(PixelsPerModule)));
    }

    private async Task ReadAsync()
    {
        (_begun, _spare, _code, _password) = (null, null, null, null);
        _state = await factor.ReadAsync(Visitor);
    }

    private async Task BeginAsync()
    {
        _begun = await factor.BeginAsync(Visitor);
        _picture = _begun is { } begun ? PictureOf(begun.Address) : null;
    }

    private async Task TurnOnAsync()
    {
        _spare = await factor.TurnOnAsync(Visitor, _code ?? "");
        _errors.Answer(_spare is null
            ? new Dictionary<string, string[]> { ["code"] = ["This code is not right. Check that the clock of the device is, and write the one it shows now."] }
            : []);
    }

    private async Task RenewAsync() => _spare = await factor.RenewAsync(Visitor);

    private async Task TurnOffAsync()
    {
        var isOff = await factor.TurnOffAsync(Visitor, _password ?? "");
        _errors.Answer(isOff ? [] : new Dictionary<string, string[]> { ["password"] = ["This is not your password."] });
        if (isOff)
        {
            snackbar.Add("No code is asked for any more.", Severity.Success);
            await ReadAsync();
        }
    }
}
