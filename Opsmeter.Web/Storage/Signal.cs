using System.Security.Cryptography;
using System.Text;
using Opsmeter.Core.Alerts;

namespace Opsmeter.Web.Storage;

/// <summary>Something that was noticed of an endpoint or of all traffic, without a budget.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What it is about, as it is shown.</param>
/// <param name="Endpoint">The endpoint; null where it is about all traffic.</param>
/// <param name="Owner">Who is told.</param>
/// <param name="Now">What it is now: nano-USD, or requests for those that are about requests.</param>
/// <param name="Usual">What is usual, in the same unit.</param>
public sealed record Signal(AlertKind Kind, string Name, string? Endpoint, string Owner, long Now, long Usual)
{
    /// <summary>What ids of signals begin with.</summary>
    public const string Start = "sig_";

    /// <summary>How long the same is told once.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromDays(1);

    /// <summary>The same for the same kind of the same thing.</summary>
    public string Id => Start + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{(int)Kind}\n{Name}")))[..16];
}
