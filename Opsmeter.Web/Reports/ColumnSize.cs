namespace Opsmeter.Web.Reports;

/// <summary>How much time one column of a chart holds. Where the clock is changed, those of three hours and more may be shorter or longer.</summary>
public enum ColumnSize
{
    /// <summary>Five minutes.</summary>
    FiveMinutes,

    /// <summary>A quarter of an hour.</summary>
    QuarterHour,

    /// <summary>A UTC hour.</summary>
    Hour,

    /// <summary>Three hours of the local day.</summary>
    ThreeHours,

    /// <summary>A local day.</summary>
    Day,

    /// <summary>A local week.</summary>
    Week,

    /// <summary>A local month.</summary>
    Month,
}
