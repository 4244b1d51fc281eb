namespace Opsmeter.Core.Pricing;

/// <summary>A class of tokens with a rate of its own. The classes of one request are disjoint.</summary>
public enum TokenClass
{
    /// <summary>Input tokens of no other class.</summary>
    Input,

    /// <summary>Input tokens read from a cache.</summary>
    Cached,

    /// <summary>Input tokens written to a cache for five minutes.</summary>
    CacheWrite5m,

    /// <summary>Input tokens written to a cache for an hour.</summary>
    CacheWrite1h,

    /// <summary>Audio tokens among the input.</summary>
    AudioInput,

    /// <summary>Output tokens of no other class.</summary>
    Output,

    /// <summary>Output tokens spent on reasoning.</summary>
    Reasoning,

    /// <summary>Audio tokens among the output.</summary>
    AudioOutput,
}
