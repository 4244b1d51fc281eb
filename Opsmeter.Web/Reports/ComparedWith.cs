namespace Opsmeter.Web.Reports;

/// <summary>What a range is compared with.</summary>
public enum ComparedWith
{
    /// <summary>As long a time, right before.</summary>
    Previous,

    /// <summary>The same hours a week before.</summary>
    Week,

    /// <summary>Nothing.</summary>
    None,
}
