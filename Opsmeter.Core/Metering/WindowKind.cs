namespace Opsmeter.Core.Metering;

/// <summary>How long a budget's window lasts and where it starts.</summary>
public enum WindowKind
{
    /// <summary>A UTC hour, in every zone.</summary>
    Hour,

    /// <summary>A local calendar day.</summary>
    Day,

    /// <summary>Seven local days from the first day of the week.</summary>
    Week,

    /// <summary>A local month from the anchor day.</summary>
    Month,

    /// <summary>Three months from January, April, July or October's anchor day.</summary>
    Quarter,

    /// <summary>Twelve months from January's anchor day.</summary>
    Year,

    /// <summary>Everything: never resets.</summary>
    Total,
}
