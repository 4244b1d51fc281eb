using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Opsmeter.Tests.Support;

/// <summary>An authenticator: the codes of RFC 6238, from the secret that a page shows.</summary>
internal static class TestTotp
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The six digits of a moment.</summary>
    /// <param name="secret">The secret in base 32; spaces do not matter.</param>
    /// <param name="at">The moment.</param>
    public static string CodeOf(string secret, DateTimeOffset at)
    {
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, at.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // What authenticators use.
        var hash = HMACSHA1.HashData(Decode(secret), counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string secret)
    {
        var (bytes, bits, held) = (new List<byte>(), 0, 0);
        foreach (var letter in secret.Where(letter => letter is not (' ' or '=')))
        {
            (bits, held) = ((bits << 5) | Alphabet.IndexOf(letter, StringComparison.Ordinal), held + 5);
            if (held >= 8)
            {
                held -= 8;
                bytes.Add((byte)(bits >> held));
                bits &= (1 << held) - 1;
            }
        }

        return [.. bytes];
    }
}
