using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Pages.Account;

/// <summary>Sends a link for a new password. The answer, and its time, are the same whoever asks.</summary>
public sealed partial class ForgottenPage(PasswordMail reset);
