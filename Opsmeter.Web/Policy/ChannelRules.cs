using System.Net.Mail;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Policy;

/// <summary>What a channel must look like. Pure.</summary>
public static partial class ChannelRules
{
    private const int LongestUrl = 2_000;
    private const int LongestSecret = 200;
    private const int MostReceivers = 20;
    private const int LeastSecretBytes = 24;
    private const int MostSecretBytes = 64;
    private const string SecretStart = "whsec_";
    private const string PagerdutyUrl = "https://events.pagerduty.com/v2/enqueue";

    /// <summary>Checks every field.</summary>
    /// <param name="draft">What was written.</param>
    /// <param name="hasSecret">True where the channel has a secret that may be kept.</param>
    /// <param name="id">The channel's id, or nothing while it does not exist yet.</param>
    /// <returns>The channel and its new secret, or null and what to change.</returns>
    public static (ChannelDocument? Channel, string? Secret, IReadOnlyDictionary<string, string[]> Errors) Check(ChannelDraft draft, bool hasSecret, string id = "")
    {
        var errors = new FieldErrors();
        var name = errors.Line("name", draft.Name?.Trim(), FieldRules.LongestName, "Write a name of 1 to 200 characters.") ?? "";
        if (name is EscalationStepDocument.Owner or EscalationStepDocument.Backup || name.Contains('@'))
        {
            errors.Add("name", "Write another name: owner, backup and e-mail addresses mean people.");
        }

        if (draft.Kind is not { } kind)
        {
            errors.Add("kind", $"Write {JsonFields.Choices<ChannelKind>()}.");
            return (null, null, errors.ToDictionary());
        }

        var wanted = string.IsNullOrWhiteSpace(draft.Url) && kind == ChannelKind.Pagerduty ? PagerdutyUrl : draft.Url?.Trim();
        var url = errors.Line("url", wanted, LongestUrl, kind == ChannelKind.Email ? "Write mailto: and the addresses, or smtps:// and a server." : "Write the address, beginning with https://.") ?? "";
        if (!errors.Has("url"))
        {
            Url(errors, kind, url);
        }

        var secret = Secret(errors, kind, draft.Secret, hasSecret);
        return errors.IsEmpty ? (new ChannelDocument { Id = id, Name = name, Kind = kind, Url = url }, secret, errors.ToDictionary()) : (null, null, errors.ToDictionary());
    }

    /// <summary>A new secret for signing.</summary>
    public static string NewSecret() => SecretStart + Convert.ToBase64String(RandomNumberGenerator.GetBytes(LeastSecretBytes));

    private static void Url(FieldErrors errors, ChannelKind kind, string url)
    {
        if (kind == ChannelKind.Email)
        {
            Email(errors, url);
        }
        else if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.UserInfo.Length > 0 || address.Fragment.Length > 0)
        {
            errors.Add("url", "Write an address that begins with https:// or http://, without a name, a password or a #.");
        }
    }

    private static void Email(FieldErrors errors, string url)
    {
        if (!MailRoute.TryParse(url, out var route))
        {
            errors.Add("url", "Write mailto:lead@example.com, or smtps://user@mail.example.com/?from=opsmeter@example.com&to=lead@example.com.");
            return;
        }

        if (route.To.Count is 0 or > MostReceivers || !route.To.All(MailAddress.TryCreateBare))
        {
            errors.Add("url", $"Write 1 to {MostReceivers} e-mail addresses, with commas between them.");
        }

        if (route.Server is not null && !MailAddress.TryCreateBare(route.From ?? ""))
        {
            errors.Add("url", "Write who the mail is from, as in ?from=opsmeter@example.com.");
        }
    }

    private static string? Secret(FieldErrors errors, ChannelKind kind, string? text, bool hasSecret)
    {
        var secret = errors.Line("secret", text, LongestSecret);
        switch (kind)
        {
            case ChannelKind.Webhook when secret is null:
                return hasSecret ? null : NewSecret();
            case ChannelKind.Webhook when !IsSigningSecret(secret):
                errors.Add("secret", $"Write whsec_ and {LeastSecretBytes} to {MostSecretBytes} bytes in Base64, or leave it out to have one made.");
                break;
            case ChannelKind.Pagerduty when secret is null && !hasSecret:
                errors.Add("secret", "Write the integration key of the service, 32 characters.");
                break;
            case ChannelKind.Pagerduty when secret is not null && !RoutingKey().IsMatch(secret):
                errors.Add("secret", "Write the integration key of the service, 32 letters and digits.");
                break;
            case ChannelKind.Slack or ChannelKind.Teams or ChannelKind.Discord when secret is not null:
                errors.Add("secret", "Leave this out: the address is the secret.");
                break;
        }

        return secret;
    }

    private static bool IsSigningSecret(string secret)
    {
        Span<byte> bytes = stackalloc byte[LongestSecret];
        return secret.StartsWith(SecretStart, StringComparison.Ordinal)
            && Convert.TryFromBase64String(secret[SecretStart.Length..], bytes, out var length) && length is >= LeastSecretBytes and <= MostSecretBytes;
    }

    [GeneratedRegex("^[A-Za-z0-9]{32}$")]
    private static partial Regex RoutingKey();

    extension(MailAddress)
    {
        /// <summary>True for an address alone, without a name beside it.</summary>
        private static bool TryCreateBare(string text) =>
            MailAddress.TryCreate(text, out var address) && address.Address == text && address.Host.Contains('.', StringComparison.Ordinal) && text.All(char.IsAscii);
    }
}
