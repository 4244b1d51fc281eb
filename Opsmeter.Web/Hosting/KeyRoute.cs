namespace Opsmeter.Web.Hosting;

/// <summary>Marks a route that opens to keys alone: it looks at no cookie, no member and no form.</summary>
public sealed class KeyRoute
{
    /// <summary>The mark.</summary>
    public static readonly KeyRoute Mark = new();

    private KeyRoute()
    {
    }
}
