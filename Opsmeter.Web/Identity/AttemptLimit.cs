using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Opsmeter.Web.Identity;

/// <summary>
/// How many wrong passwords, codes and links an address may try: so many in a span, whoever they are for. Beside the rest of
/// an account after wrong ones, so that nobody goes through many accounts with one password.
/// </summary>
public sealed class AttemptLimit(TimeProvider time)
{
    /// <summary>How many may be wrong within <see cref="Span"/>.</summary>
    public const int Most = 30;

    private const int MostAddresses = 20_000;
    private const int NetworkBytes = 8;

    /// <summary>The span.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, (DateTimeOffset Since, int Wrong)> _wrong = new(StringComparer.Ordinal);

    /// <summary>True while the caller's address may try.</summary>
    public bool MayTry(HttpContext context) =>
        !_wrong.TryGetValue(KeyOf(context.Connection.RemoteIpAddress), out var known) || known.Wrong < Most || time.GetUtcNow() - known.Since >= Span;

    /// <summary>Counts a wrong one.</summary>
    public void CountWrong(HttpContext context)
    {
        var now = time.GetUtcNow();
        if (_wrong.Count >= MostAddresses)
        {
            foreach (var (key, known) in _wrong)
            {
                if (now - known.Since >= Span)
                {
                    _wrong.TryRemove(key, out _);
                }
            }

            // More addresses than that at once is an attack from many: each still has what an account allows.
            if (_wrong.Count >= MostAddresses)
            {
                return;
            }
        }

        _wrong.AddOrUpdate(
            KeyOf(context.Connection.RemoteIpAddress), (now, 1), (_, known) => now - known.Since >= Span ? (now, 1) : (known.Since, known.Wrong + 1));
    }

    // Somebody who has one address of version 6 has the 2^64 beside it.
    private static string KeyOf(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, NetworkBytes)),
        _ => address.ToString(),
    };
}
