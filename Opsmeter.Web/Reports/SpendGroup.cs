namespace Opsmeter.Web.Reports;

/// <summary>What a row of a report is about: values by their ids in the dictionary, 0 for none, and the column's place, 0 without columns.</summary>
internal readonly record struct SpendGroup(int First, int Second, int Column);
