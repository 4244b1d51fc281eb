namespace Opsmeter.Web.Storage;

/// <summary>The store could not take a write. Nothing was kept; sending it again with the same id is safe.</summary>
public sealed class LedgerUnavailableException : Exception
{
    public LedgerUnavailableException(string message)
        : base(message)
    {
    }

    public LedgerUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public LedgerUnavailableException()
    {
    }
}
