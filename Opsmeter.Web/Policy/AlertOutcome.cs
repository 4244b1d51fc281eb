namespace Opsmeter.Web.Policy;

/// <summary>What an alert led to.</summary>
public enum AlertOutcome
{
    /// <summary>Nothing was done.</summary>
    Nothing,

    /// <summary>Someone contained who was behind it.</summary>
    Contained,

    /// <summary>The policy was changed for it.</summary>
    PolicyChanged,

    /// <summary>It was known to come.</summary>
    Expected,

    /// <summary>It should not have been raised.</summary>
    FalseAlarm,
}
