using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>Tells a store that cannot take a change right now from a fault: the change may simply be made again.</summary>
public static class StoreFailure
{
    /// <summary>What to tell the person whose change was not kept.</summary>
    public const string Text = "The change could not be stored just now. Nothing was changed; try again.";

    /// <summary>True for an exception that means so.</summary>
    public static bool Is(Exception error) => error is LedgerUnavailableException;
}
