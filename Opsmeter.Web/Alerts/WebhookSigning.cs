using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Opsmeter.Web.Alerts;

/// <summary>Signs messages as Standard Webhooks 1.0 say. Source: https://www.standardwebhooks.com.</summary>
public static class WebhookSigning
{
    private const string SecretStart = "whsec_";

    /// <summary>The signatures of a body, one for each secret, with spaces between them.</summary>
    /// <param name="secrets">Secrets that begin with <c>whsec_</c>, the newest first.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="timestamp">When it is sent, in whole seconds since 1970.</param>
    /// <param name="body">The body as it is sent.</param>
    public static string Sign(IEnumerable<string> secrets, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[SecretStart.Length..]), signed))));
    }
}
