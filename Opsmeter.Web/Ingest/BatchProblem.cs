namespace Opsmeter.Web.Ingest;

/// <summary>Why a batch as a whole could not be read.</summary>
public enum BatchProblem
{
    /// <summary>It was read, whatever became of its rows.</summary>
    None,

    /// <summary>It is no JSON array and no lines of JSON, so that its rows cannot be told apart: 400.</summary>
    Malformed,

    /// <summary>It has more rows than allowed: 413.</summary>
    TooManyRows,
}
