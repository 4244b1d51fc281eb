namespace Opsmeter.Web.Policy;

/// <summary>What became of a change of policy. Exactly one of the nested kinds.</summary>
public abstract record PolicyResult<T>
{
    private PolicyResult()
    {
    }

    /// <summary>In force and on disk; for a deletion the document as it was.</summary>
    public sealed record Saved(Versioned<T> Item) : PolicyResult<T>;

    /// <summary>Fields are wrong: the name as the API spells it, such as <c>conditions[0].values</c>, → messages.</summary>
    public sealed record Invalid(IReadOnlyDictionary<string, string[]> Errors) : PolicyResult<T>;

    /// <summary>Another one has that name or pattern already.</summary>
    public sealed record Taken(string Field, string Message) : PolicyResult<T>;

    /// <summary>It was changed since the version that the change was made from.</summary>
    public sealed record ChangedSince(Versioned<T> Current) : PolicyResult<T>;

    /// <summary>There is no such document.</summary>
    public sealed record Missing : PolicyResult<T>;
}
