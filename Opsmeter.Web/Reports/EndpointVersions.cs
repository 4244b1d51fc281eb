using Opsmeter.Core.Analysis;

namespace Opsmeter.Web.Reports;

/// <summary>An endpoint's prompt versions in a range.</summary>
/// <param name="EndpointTag">The endpoint.</param>
/// <param name="Sums">All of them together.</param>
/// <param name="ShareOfSpend">Their part of what all endpoints of the view spent, 0–1; null where nothing was spent.</param>
/// <param name="Versions">In order of appearance.</param>
public sealed record EndpointVersions(string EndpointTag, SpendSums Sums, double? ShareOfSpend, IReadOnlyList<VersionStanding> Versions)
{
    /// <summary>A version by its name; null where it has no request in the range.</summary>
    public VersionStanding? Find(string? version) => Versions.FirstOrDefault(one => one.Name == version);
}

/// <summary>A prompt version beside the others of its endpoint.</summary>
/// <param name="Line">The version.</param>
/// <param name="IsNew">True when it was first seen in the range.</param>
/// <param name="IsJustBefore">
/// True when it was first seen shortly before the range: the hours of a spike begin after the deploy that caused it.
/// </param>
/// <param name="Share">Its part of the endpoint's spend, 0–1; null where that spent nothing.</param>
/// <param name="Before">The version before it that has requests in the range; null for the first.</param>
/// <param name="Drift">How its cost per request differs from that one's; null where there is none, or too few requests to say.</param>
public sealed record VersionStanding(VersionLine Line, bool IsNew, bool IsJustBefore, double? Share, string? Before, VersionDrift? Drift)
{
    /// <summary>The version's name.</summary>
    public string Name => Line.PromptVersion;
}
