namespace Opsmeter.Web.Reports;

/// <summary>The values that a row of a report is about, by their ids in the dictionary; 0 for none.</summary>
internal readonly record struct SpendGroup(long First, long Second);
