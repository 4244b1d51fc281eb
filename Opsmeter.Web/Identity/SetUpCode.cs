using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Opsmeter.Web.Identity;

/// <summary>
/// The one-time code of the first set-up: whoever reads the server's log may make the first admin, and nobody else who
/// happens to reach the page first.
/// </summary>
public sealed partial class SetUpCode(IOptions<SetUpOptions> options, ILogger<SetUpCode> logger)
{
    // Without characters that are read for each other. 32 to the power of 8 codes, 20 attempts a start.
    private const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const int Half = 4;
    private const int MostAttempts = 20;

    private readonly string _code = options.Value.Code is { Length: > 0 } given
        ? given
        : $"{RandomNumberGenerator.GetString(Alphabet, Half)}-{RandomNumberGenerator.GetString(Alphabet, Half)}";

    private int _attempts;

    /// <summary>Writes the code to the log, unless it was given by configuration.</summary>
    public void Announce(string address)
    {
        if (options.Value.Code is { Length: > 0 })
        {
            LogGiven(logger, address);
        }
        else
        {
            LogCode(logger, address, _code);
        }
    }

    /// <summary>Checks a code; after too many attempts every code is refused until the server is started again.</summary>
    public bool Check(string? code, out bool isLocked)
    {
        isLocked = Interlocked.Increment(ref _attempts) > MostAttempts;
        var typed = Encoding.UTF8.GetBytes((code ?? "").Trim().ToUpperInvariant());
        return !isLocked && CryptographicOperations.FixedTimeEquals(typed, Encoding.UTF8.GetBytes(_code.ToUpperInvariant()));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No one can sign in yet. Open {Address}/account/set-up and enter the code {Code}")]
    private static partial void LogCode(ILogger logger, string address, string code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No one can sign in yet. Open {Address}/account/set-up and enter the code of Setup__Code")]
    private static partial void LogGiven(ILogger logger, string address);
}
