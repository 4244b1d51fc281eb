namespace Opsmeter.Core;

/// <summary>
/// The tokens of one request. <see cref="Input"/> and <see cref="Output"/> are inclusive: the other classes are disjoint
/// subsets of them, except that <see cref="CacheWrite"/> contains <see cref="CacheWrite1h"/>. The default value is no tokens.
/// </summary>
/// <param name="Input">All input tokens, cached and cache-write tokens included.</param>
/// <param name="Output">All output tokens, reasoning included.</param>
/// <param name="Cached">Input tokens read from a cache.</param>
/// <param name="CacheWrite">Input tokens written to a cache, of any lifetime.</param>
/// <param name="CacheWrite1h">The part of <see cref="CacheWrite"/> kept for an hour.</param>
/// <param name="Reasoning">Output tokens spent on reasoning.</param>
/// <param name="AudioInput">Audio tokens among the input.</param>
/// <param name="AudioOutput">Audio tokens among the output.</param>
public readonly record struct TokenUsage(
    long Input,
    long Output,
    long Cached = 0,
    long CacheWrite = 0,
    long CacheWrite1h = 0,
    long Reasoning = 0,
    long AudioInput = 0,
    long AudioOutput = 0)
{
    /// <summary>Input and output together.</summary>
    public long Total => Input + Output;

    /// <summary>The part of <see cref="CacheWrite"/> kept for five minutes.</summary>
    public long CacheWrite5m => CacheWrite - CacheWrite1h;

    /// <summary>Input tokens that belong to no subset.</summary>
    public long PlainInput => Input - Cached - CacheWrite - AudioInput;

    /// <summary>Output tokens that belong to no subset.</summary>
    public long PlainOutput => Output - Reasoning - AudioOutput;

    /// <summary>
    /// The same usage with every total raised to the sum of its subsets where the sender counted exclusively.
    /// </summary>
    /// <param name="inferred">True when anything had to be raised.</param>
    public TokenUsage Inclusive(out bool inferred)
    {
        var cacheWrite = Math.Max(CacheWrite, CacheWrite1h);
        var input = Math.Max(Input, Cached + cacheWrite + AudioInput);
        var output = Math.Max(Output, Reasoning + AudioOutput);
        inferred = cacheWrite != CacheWrite || input != Input || output != Output;
        return this with { Input = input, Output = output, CacheWrite = cacheWrite };
    }
}
