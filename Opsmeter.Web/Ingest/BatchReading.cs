using System.Diagnostics.CodeAnalysis;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Ingest;

/// <summary>The rows of a batch in their order, or why it could not be taken apart.</summary>
/// <param name="Accepted">The valid rows.</param>
/// <param name="Rejected">The others.</param>
/// <param name="Problem">What is wrong with the batch as a whole; then it has no rows.</param>
/// <param name="Detail">What the sender should change; null when there is no problem.</param>
public sealed record BatchReading(
    IReadOnlyList<AcceptedRow> Accepted,
    IReadOnlyList<RejectedRow> Rejected,
    BatchProblem Problem = BatchProblem.None,
    string? Detail = null)
{
    /// <summary>The answer to a batch that could not be taken apart.</summary>
    /// <returns>False when it could.</returns>
    public bool TryGetRefusal([NotNullWhen(true)] out IResult? refusal)
    {
        refusal = Problem switch
        {
            BatchProblem.None => null,
            BatchProblem.Malformed => Problems.Malformed(Detail),
            BatchProblem.TooManyRows => Problems.TooLarge(Detail),
        };
        return refusal is not null;
    }
}
