namespace Opsmeter.Core.Metering;

/// <summary>What a forecast was learned from.</summary>
public enum ForecastBasis
{
    /// <summary>The mean pace so far: there are under three days of history.</summary>
    StraightLine,

    /// <summary>The hours of the day: there are under two weeks of history.</summary>
    HourOfDay,

    /// <summary>The hours of the week, of the last four weeks.</summary>
    HourOfWeek,
}
