using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages;

/// <summary>What became of a change of policy, as a page has to know it. At most one member is set but the id.</summary>
/// <param name="SavedId">The id of what is in force now, or null when nothing was changed.</param>
/// <param name="Errors">What to write instead, by field.</param>
/// <param name="ChangedSince">The version that someone else made in the meantime.</param>
/// <param name="IsMissing">True when it is no longer there.</param>
internal sealed record SaveOutcome(
    string? SavedId = null, IReadOnlyDictionary<string, string[]>? Errors = null, int? ChangedSince = null, bool IsMissing = false)
{
    /// <summary>True when it is in force and on disk.</summary>
    public bool IsSaved => SavedId is not null;

    /// <summary>The outcome of a result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="idOf">The document's id.</param>
    public static SaveOutcome Of<T>(PolicyResult<T> result, Func<T, string> idOf) => result switch
    {
        PolicyResult<T>.Saved saved => new(SavedId: idOf(saved.Item.Document)),
        PolicyResult<T>.Invalid invalid => new(Errors: invalid.Errors),
        PolicyResult<T>.Taken taken => new(Errors: new Dictionary<string, string[]>(StringComparer.Ordinal) { [taken.Field] = [taken.Message] }),
        PolicyResult<T>.ChangedSince changed => new(ChangedSince: changed.Current.Version),
        PolicyResult<T>.Missing => new(IsMissing: true),
        _ => throw new InvalidOperationException($"{result.GetType().Name} is no result of a change of policy."),
    };
}
