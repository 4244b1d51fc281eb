namespace Opsmeter.Web.Reports;

/// <summary>What became of a value's spend.</summary>
public enum ChangeKind
{
    /// <summary>Nothing is compared.</summary>
    NotCompared,

    /// <summary>It cannot be said: on one side no request has a price.</summary>
    Unpriced,

    /// <summary>There was no request of it before.</summary>
    New,

    /// <summary>There is no request of it now.</summary>
    Gone,

    /// <summary>Exactly as much as before.</summary>
    Same,

    /// <summary>Before, its requests cost nothing.</summary>
    FromZero,

    /// <summary>More or less than before, by a ratio.</summary>
    Moved,
}
