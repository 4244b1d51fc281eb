namespace Opsmeter.Web.Hosting;

/// <summary>Why a body could not be read.</summary>
public enum BodyProblem
{
    /// <summary>It was read.</summary>
    None,

    /// <summary>Its type, charset or encoding is not understood: 415.</summary>
    UnsupportedMediaType,

    /// <summary>It is larger than allowed, as sent or after decompression: 413.</summary>
    TooLarge,

    /// <summary>It ended early or is not the gzip it claims to be: 400.</summary>
    Malformed,

    /// <summary>It stopped coming: 408.</summary>
    TimedOut,

    /// <summary>The client hung up; nobody is there to be answered.</summary>
    ClientGone,
}
