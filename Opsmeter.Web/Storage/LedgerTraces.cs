using System.Diagnostics;

namespace Opsmeter.Web.Storage;

/// <summary>Traces the commits of the ledger.</summary>
public static class LedgerTraces
{
    /// <summary>The name of its source.</summary>
    public const string SourceName = "Opsmeter.Ledger";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins a commit of so many pieces of work; null where nobody listens.</summary>
    internal static Activity? Begin(int works) => Source.StartActivity("commit")?.SetTag("opsmeter.works", works);
}
