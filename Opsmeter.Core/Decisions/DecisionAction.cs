namespace Opsmeter.Core.Decisions;

/// <summary>What a caller is told before its next call, in order of strictness.</summary>
public enum DecisionAction
{
    /// <summary>Go ahead.</summary>
    Allow,

    /// <summary>Go ahead in the degraded mode.</summary>
    Degrade,

    /// <summary>Do not call.</summary>
    Block,
}
