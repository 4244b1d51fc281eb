namespace Opsmeter.Web.Ingest;

/// <summary>
/// Keeps the texts that come again and again (models, endpoints, prompt versions, tenants), so that rows share them: each that
/// is new takes the place of one before it. Thread-safe: at worst a text is made twice.
/// </summary>
internal static class RecentTexts
{
    private const int Places = 1_024;
    private static readonly string?[] Texts = new string?[Places];

    /// <summary>The same text as a string.</summary>
    public static string Of(ReadOnlySpan<char> text)
    {
        ref var place = ref Texts[string.GetHashCode(text) & (Places - 1)];
        var known = Volatile.Read(ref place);
        if (known is not null && text.SequenceEqual(known))
        {
            return known;
        }

        var made = text.ToString();
        Volatile.Write(ref place, made);
        return made;
    }
}
