using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Opsmeter.Web.Identity;

/// <summary>
/// The text of a key: <c>opm_</c>, eight visible characters, an underscore and the secret. Only its SHA-256 is kept. A key
/// given by configuration may be any text that starts with <c>opm_</c>; its first twelve characters are the visible part.
/// </summary>
public static class ApiKeyText
{
    public const string Start = "opm_";
    public const int PrefixLength = 12;
    public const int Shortest = 32;
    public const int Longest = 200;

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int SecretLength = 40;

    /// <summary>Makes a new key.</summary>
    public static string Create() =>
        $"{Start}{RandomNumberGenerator.GetString(Alphabet, PrefixLength - Start.Length)}_{RandomNumberGenerator.GetString(Alphabet, SecretLength)}";

    /// <summary>True when the text could be a key.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> key) =>
        key.Length is >= Shortest and <= Longest && key.StartsWith(Start, StringComparison.Ordinal)
        && !key.ContainsAnyExceptInRange('!', '~');

    /// <summary>The visible part of a well-formed key.</summary>
    public static string PrefixOf(ReadOnlySpan<char> key) => key[..PrefixLength].ToString();

    /// <summary>Hashes a well-formed key into 32 bytes.</summary>
    public static void Hash(ReadOnlySpan<char> key, Span<byte> hash)
    {
        Span<byte> text = stackalloc byte[Longest];
        var status = Ascii.FromUtf16(key, text, out var written);
        SHA256.HashData(status == OperationStatus.Done ? text[..written] : [], hash);
    }

    public static byte[] Hash(ReadOnlySpan<char> key)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        Hash(key, hash);
        return hash;
    }
}
