namespace Opsmeter.Web.Identity;

/// <summary>The provider that members may sign in by (OpenID Connect), configuration section <c>Oidc</c>. None unless its authority is set.</summary>
public sealed class SignInProvider
{
    /// <summary>What the sign-in page calls it; null where there is none.</summary>
    public string? Name { get; init; }

    /// <summary>The issuer's address, which has a discovery document.</summary>
    public string? Authority { get; init; }

    /// <summary>What the provider calls this Opsmeter.</summary>
    public string? ClientId { get; init; }

    /// <summary>The secret that goes with it.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Reads <c>Oidc:Authority</c>, <c>ClientId</c>, <c>ClientSecret</c> and <c>Name</c>.</summary>
    /// <exception cref="InvalidOperationException">Something is missing or wrong; the message says what to write.</exception>
    public static SignInProvider Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection("Oidc");
        if (section["Authority"] is not { Length: > 0 } authority)
        {
            return new SignInProvider();
        }

        if (!Uri.TryCreate(authority, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback))
        {
            throw new InvalidOperationException("Oidc__Authority: write the issuer's https address, such as https://login.example.com/realm.");
        }

        return new SignInProvider
        {
            Name = section["Name"] is { Length: > 0 and <= 60 } name ? name : "single sign-on",
            Authority = authority,
            ClientId = section["ClientId"] is { Length: > 0 } id ? id : throw new InvalidOperationException("Oidc__ClientId is missing: the id that the provider gave this Opsmeter."),
            ClientSecret = section["ClientSecret"],
        };
    }
}
