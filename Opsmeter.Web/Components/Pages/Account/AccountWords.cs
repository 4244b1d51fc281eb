namespace Opsmeter.Web.Components.Pages.Account;

/// <summary>What the account pages say in more than one place. No answer tells which addresses exist.</summary>
internal static class AccountWords
{
    public const string Wrong =
        "The e-mail or the password is not right, or there were too many attempts. After ten wrong ones an account rests for five minutes.";

    public const string WrongCode =
        "This code is not right, was used before, or there were too many attempts. A code is good for half a minute; after ten wrong ones an account rests for five minutes.";

    public const string TooMany = "Too many attempts from this address. Wait ten minutes, then try again.";

    public const string ProviderRefused =
        "The provider knows you, this Opsmeter does not. Ask an admin here for an invitation to the same e-mail address.";

    public const string BadLink = "This link was used already, or is no longer good. Ask for a new one.";
}
