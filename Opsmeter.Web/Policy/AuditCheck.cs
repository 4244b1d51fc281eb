namespace Opsmeter.Web.Policy;

/// <summary>What a check of the audit log found.</summary>
/// <param name="Acts">How many acts of the workspace are sealed.</param>
/// <param name="Head">The newest seal, 64 hexadecimal digits, empty before the first act: kept elsewhere, it shows that the seals were not made anew.</param>
/// <param name="Faults">What does not fit, oldest first; at most <see cref="AuditSeals.MostFaults"/>.</param>
public sealed record AuditCheck(long Acts, string Head, IReadOnlyList<AuditFault> Faults)
{
    /// <summary>True where every act is as it was written.</summary>
    public bool IsWhole => Faults.Count == 0;
}

/// <summary>An act that does not fit its seal.</summary>
/// <param name="Id">Its place.</param>
/// <param name="What">One of the three below.</param>
public sealed record AuditFault(long Id, string What)
{
    /// <summary>The act, or its seal, says something else than when it was written.</summary>
    public const string Altered = "altered";

    /// <summary>The act is gone.</summary>
    public const string Missing = "missing";

    /// <summary>The act was put in later.</summary>
    public const string Unsealed = "unsealed";
}
