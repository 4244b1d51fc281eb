namespace Opsmeter.Core.Metering;

/// <summary>What a limit is stated in.</summary>
public enum Measure
{
    /// <summary>Money, in nano-USD.</summary>
    Usd,

    /// <summary>Requests.</summary>
    Requests,

    /// <summary>Input and output tokens.</summary>
    Tokens,
}
