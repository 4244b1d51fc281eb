namespace Opsmeter.Web.Demo;

/// <summary>A feature of the invented company: how much traffic it has and what its calls look like.</summary>
public sealed record DemoEndpoint
{
    public required string Tag { get; init; }

    /// <summary>Its part of all requests, 0–1.</summary>
    public required double Share { get; init; }

    public required IReadOnlyList<DemoModel> Models { get; init; }

    /// <summary>The median of its input tokens; the distribution is log-normal.</summary>
    public required int InputTokens { get; init; }

    public required int OutputTokens { get; init; }

    /// <summary>The standard deviation of the logarithm of its tokens.</summary>
    public double Spread { get; init; } = 0.5;

    /// <summary>The mean part of the input that a cache serves, 0–1.</summary>
    public double Cached { get; init; }

    /// <summary>False for a feature that runs for the company itself and names neither tenant nor user.</summary>
    public bool HasTenant { get; init; } = true;

    /// <summary>Its prompt versions, each with the part of the month after which it is deployed.</summary>
    public required IReadOnlyList<(string Version, double From)> Versions { get; init; }

    /// <summary>The version in use after this part of the month.</summary>
    public string VersionAt(double elapsed)
    {
        var version = Versions[0].Version;
        foreach (var (candidate, from) in Versions)
        {
            version = elapsed >= from ? candidate : version;
        }

        return version;
    }
}
