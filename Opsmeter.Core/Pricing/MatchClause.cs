using System.Text.RegularExpressions;

namespace Opsmeter.Core.Pricing;

/// <summary>A condition on a provider's or model's name, ignoring case, as the catalogue writes it.</summary>
internal abstract record MatchClause
{
    // Names are at most 200 characters; a clause that takes this long on one is no match rather than a stall.
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(50);

    private MatchClause()
    {
    }

    public abstract bool Matches(string name);

    /// <summary>The names that match it by themselves, whatever else it allows.</summary>
    public virtual IEnumerable<string> ExactNames => [];

    public sealed record EqualTo(string Value) : MatchClause
    {
        public override IEnumerable<string> ExactNames => [Value];

        public override bool Matches(string name) => name.Equals(Value, StringComparison.OrdinalIgnoreCase);
    }

    public sealed record StartsWith(string Value) : MatchClause
    {
        public override bool Matches(string name) => name.StartsWith(Value, StringComparison.OrdinalIgnoreCase);
    }

    public sealed record EndsWith(string Value) : MatchClause
    {
        public override bool Matches(string name) => name.EndsWith(Value, StringComparison.OrdinalIgnoreCase);
    }

    public sealed record Contains(string Value) : MatchClause
    {
        public override bool Matches(string name) => name.Contains(Value, StringComparison.OrdinalIgnoreCase);
    }

    public sealed record Like(string Value) : MatchClause
    {
        // Most are never asked; compiling them all would slow every start.
        private readonly Lazy<Regex> _pattern = new(() => Compile(Value));

        public override bool Matches(string name)
        {
            try
            {
                return _pattern.Value.IsMatch(name);
            }
            catch (RegexMatchTimeoutException)
            {
                return false;
            }
        }

        private static Regex Compile(string pattern)
        {
            const RegexOptions options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;
            try
            {
                return new Regex(pattern, options | RegexOptions.NonBacktracking, PatternTimeout);
            }
            catch (NotSupportedException)
            {
                // Lookarounds need the backtracking engine; the timeout bounds it.
                return new Regex(pattern, options, PatternTimeout);
            }
        }
    }

    public sealed record Any(IReadOnlyList<MatchClause> Parts) : MatchClause
    {
        public override IEnumerable<string> ExactNames => Parts.SelectMany(part => part.ExactNames);

        public override bool Matches(string name) => Parts.Any(part => part.Matches(name));
    }

    public sealed record All(IReadOnlyList<MatchClause> Parts) : MatchClause
    {
        public override bool Matches(string name) => Parts.All(part => part.Matches(name));
    }
}
