using Microsoft.AspNetCore.Identity;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>
/// What a password has to be: 12 to 128 characters, and none that everyone tries first. Nothing about its composition:
/// length is what counts.
/// </summary>
public sealed class PasswordRules : IPasswordValidator<MemberRow>
{
    public const int Shortest = 12;
    public const int Longest = 128;

    private const int FewestDistinct = 5;

    // The base words of the usual lists; a common password is one of them with digits or signs around, or repeated.
    private static readonly string[] Common =
    [
        "password", "passwort", "passw0rd", "p@ssword", "p@ssw0rd", "qwerty", "qwertyuiop", "qwertz", "azerty", "asdfghjkl",
        "zxcvbnm", "1q2w3e4r", "1qaz2wsx", "qazwsx", "letmein", "welcome", "iloveyou", "admin", "administrator", "root",
        "changeme", "default", "secret", "opsmeter", "monkey", "dragon", "football", "baseball", "superman", "batman",
        "trustno1", "sunshine", "princess", "master", "shadow", "michael", "abcdef", "abc123", "test", "guest", "login",
        "hello", "whatever", "starwars", "freedom", "computer", "internet", "correcthorsebatterystaple",
    ];

    /// <inheritdoc />
    public Task<IdentityResult> ValidateAsync(UserManager<MemberRow> manager, MemberRow user, string? password) =>
        Task.FromResult(Check(password ?? "", user.Email) is { } wrong
            ? IdentityResult.Failed(new IdentityError { Code = "Password", Description = wrong })
            : IdentityResult.Success);

    /// <summary>Null when the password will do, else what to change.</summary>
    public static string? Check(string password, string? email)
    {
        if (password.Length is < Shortest or > Longest)
        {
            return $"Use {Shortest} to {Longest} characters. A few unrelated words are easy to remember.";
        }

        if (password.Distinct().Count() < FewestDistinct || IsSequence(password))
        {
            return "The characters repeat or follow each other. Use a few unrelated words.";
        }

        var bare = Bare(password);
        var name = email?.Split('@')[0];
        return Common.Contains(bare, StringComparer.Ordinal) || bare.Length == 0 || IsRepetition(bare)
            || (name is { Length: > 2 } && bare == Bare(name))
            ? "This is one of the passwords that are tried first. Use a few unrelated words."
            : null;
    }

    // What is left without the digits and signs that people put around a word.
    private static string Bare(string text) =>
        text.ToLowerInvariant().Trim([.. "0123456789!?.,;:-_+*#$%&/()=@ "]);

    private static bool IsRepetition(string text) => Enumerable.Range(1, text.Length / 2)
        .Any(length => text.Length % length == 0 && Common.Contains(text[..length], StringComparer.Ordinal)
            && string.Concat(Enumerable.Repeat(text[..length], text.Length / length)) == text);

    private static bool IsSequence(string text)
    {
        var steps = text.Zip(text.Skip(1), (one, next) => next - one).ToArray();
        return steps.Count(step => step is 1 or -1 or 0) >= steps.Length - 1;
    }
}
