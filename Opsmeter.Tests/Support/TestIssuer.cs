using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Opsmeter.Tests.Support;

/// <summary>A provider of OpenID Connect on the loopback, at which one person is always signed in.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    public const string ClientId = "opsmeter";

    private readonly RSA _key = RSA.Create(2048);
    private readonly WebApplication _app;
    private string? _nonce;
    private string? _challenge;

    private TestIssuer(WebApplication app) => _app = app;

    /// <summary>Where it is.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>Who is signed in there.</summary>
    public string Subject { get; set; } = "person-1";

    /// <summary>Their address, as it says.</summary>
    public string Email { get; set; } = "";

    /// <summary>True where it has seen that the address is theirs.</summary>
    public bool IsVerified { get; set; } = true;

    /// <summary>Starts it.</summary>
    public static async Task<TestIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var issuer = new TestIssuer(app);
        issuer.Map();
        await app.StartAsync();
        return issuer;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private void Map()
    {
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new Dictionary<string, object>
        {
            ["issuer"] = Root, ["authorization_endpoint"] = Root + "/authorize", ["token_endpoint"] = Root + "/token", ["userinfo_endpoint"] = Root + "/userinfo",
            ["jwks_uri"] = Root + "/keys", ["response_types_supported"] = new[] { "code" }, ["subject_types_supported"] = new[] { "public" },
            ["id_token_signing_alg_values_supported"] = new[] { "RS256" },
        }));
        _app.MapGet("/keys", () =>
        {
            var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_key.ExportParameters(false)) { KeyId = "k1" });
            return Results.Json(new { keys = new[] { new { kty = key.Kty, use = "sig", kid = "k1", alg = "RS256", n = key.N, e = key.E } } });
        });
        _app.MapGet("/authorize", (HttpContext context) =>
        {
            var query = context.Request.Query;
            (_nonce, _challenge) = (query["nonce"], query["code_challenge"]);
            return Results.Redirect($"{query["redirect_uri"]}?code=one&state={Uri.EscapeDataString(query["state"].ToString())}");
        });
        _app.MapPost("/token", async (HttpContext context) =>
        {
            var form = await context.Request.ReadFormAsync();
            var verifier = Base64UrlEncoder.Encode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
            return verifier != _challenge
                ? Results.BadRequest(new { error = "invalid_grant" })
                : Results.Json(new { access_token = "token", token_type = "Bearer", expires_in = 60, id_token = Token() });
        });
        _app.MapGet("/userinfo", () => Results.Json(new { sub = Subject, email = Email, email_verified = IsVerified }));
    }

    private string Root => Address.ToString().TrimEnd('/');

    private string Token() => new JsonWebTokenHandler().CreateToken(
        JsonSerializer.Serialize(new
        {
            iss = Root, aud = ClientId, sub = Subject, nonce = _nonce, iat = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            exp = TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(), email = Email, email_verified = IsVerified,
        }),
        new SigningCredentials(new RsaSecurityKey(_key) { KeyId = "k1" }, SecurityAlgorithms.RsaSha256));
}
