namespace Opsmeter.Tests.Web.Malformed;

/// <summary>A body that is refused.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Bytes">The body as sent.</param>
/// <param name="Status">The answer.</param>
/// <param name="Type">The Content-Type; null sends none.</param>
/// <param name="Encoding">The Content-Encoding; null sends none.</param>
internal sealed record MalformedBody(string Name, byte[] Bytes, int Status = 400, string? Type = "application/json", string? Encoding = null)
{
    /// <summary>True where it may be refused for what it names, which is not there.</summary>
    public bool MayBeMissing { get; init; }

    /// <summary>The problem's type.</summary>
    public string Problem => Status switch
    {
        413 => "/problems/too-large",
        415 => "/problems/unsupported-media-type",
        _ => "/problems/malformed",
    };
}
