using Opsmeter.Core;

namespace Opsmeter.Web.Storage;

/// <summary>What became of a row.</summary>
public enum LedgerOutcome
{
    /// <summary>New.</summary>
    Stored,

    /// <summary>The same billing content was there already.</summary>
    Duplicate,

    /// <summary>The id was there with other content: kept as a further revision.</summary>
    Conflict,

    /// <summary>It replaced the latest revision of its id.</summary>
    Superseded,

    /// <summary>A sum would leave the range of nano-USD: nothing was kept.</summary>
    Overflow,
}

/// <summary>What became of a row, its revision and its cost.</summary>
public readonly record struct LedgerAnswer(LedgerOutcome Outcome, int Revision, Usd? Cost);
