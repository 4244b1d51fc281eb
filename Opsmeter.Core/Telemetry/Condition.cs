namespace Opsmeter.Core.Telemetry;

/// <summary>
/// "This dimension is one of these values or patterns." Matching is ordinal and case-sensitive, but provider and model
/// ignore case. A request without the dimension never matches.
/// </summary>
public sealed record Condition
{
    private readonly Pattern[] _patterns;

    /// <summary>Creates a condition.</summary>
    /// <param name="dimension">What is looked at.</param>
    /// <param name="values">Values, or prefixes that end in <c>*</c>.</param>
    public Condition(Dimension dimension, IEnumerable<string> values)
    {
        Dimension = dimension;
        Values = [.. values];
        _patterns = [.. Values.Select(value => new Pattern(value))];
    }

    /// <summary>What is looked at.</summary>
    public Dimension Dimension { get; }

    /// <summary>The values and patterns, as written.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>How a dimension's values are compared.</summary>
    public static StringComparison ComparisonFor(Dimension dimension) =>
        dimension is Dimension.Provider or Dimension.Model ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>True when one of the values or patterns matches.</summary>
    public bool Matches(Dimensions request) => Matches(request[Dimension]);

    /// <summary>True when one of the values or patterns matches a value of the dimension; an absent one matches none.</summary>
    public bool Matches(string? value)
    {
        var comparison = ComparisonFor(Dimension);
        foreach (var pattern in _patterns)
        {
            if (pattern.Matches(value, comparison))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc />
    public bool Equals(Condition? other) =>
        other is not null && Dimension == other.Dimension && Values.SequenceEqual(other.Values, StringComparer.Ordinal);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Dimension, Values.Count, Values.Count > 0 ? Values[0] : null);
}
