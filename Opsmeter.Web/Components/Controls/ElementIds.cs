namespace Opsmeter.Web.Components.Controls;

/// <summary>Ids for elements that a label, a button or a script refers to.</summary>
internal static class ElementIds
{
    private static long _last;

    /// <summary>An id that no other element of this process has.</summary>
    public static string Next(string prefix) => $"{prefix}-{Interlocked.Increment(ref _last)}";
}
