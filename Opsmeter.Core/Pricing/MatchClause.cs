using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opsmeter.Core.Pricing;

/// <summary>
/// How the catalogue recognises a name: <c>equals</c>, <c>starts_with</c>, <c>ends_with</c>, <c>contains</c>,
/// <c>regex</c>, <c>or</c>, <c>and</c>. Names are compared in lower case.
/// </summary>
internal abstract class MatchClause
{
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromMilliseconds(50);

    public abstract bool Matches(string lowerName);

    /// <summary>The texts that match exactly, anywhere inside.</summary>
    public virtual IEnumerable<string> ExactTexts => [];

    public static MatchClause Read(JsonElement clause)
    {
        var member = clause.EnumerateObject().Single();
        return member.Name switch
        {
            "equals" => new Exact(Text(member.Value)),
            "starts_with" => new Affix(Text(member.Value), static (name, text) => name.StartsWith(text, StringComparison.Ordinal)),
            "ends_with" => new Affix(Text(member.Value), static (name, text) => name.EndsWith(text, StringComparison.Ordinal)),
            "contains" => new Affix(Text(member.Value), static (name, text) => name.Contains(text, StringComparison.Ordinal)),
            "regex" => new Expression(member.Value.GetString()!),
            "or" => new Any([.. member.Value.EnumerateArray().Select(Read)]),
            "and" => new All([.. member.Value.EnumerateArray().Select(Read)]),
            var other => throw new FormatException($"The catalogue has an unknown match clause '{other}'."),
        };
    }

    private static string Text(JsonElement value) => value.GetString()!.ToLowerInvariant();

    private sealed class Exact(string text) : MatchClause
    {
        public override IEnumerable<string> ExactTexts => [text];

        public override bool Matches(string lowerName) => string.Equals(lowerName, text, StringComparison.Ordinal);
    }

    private sealed class Affix(string text, Func<string, string, bool> test) : MatchClause
    {
        public override bool Matches(string lowerName) => test(lowerName, text);
    }

    private sealed class Expression(string pattern) : MatchClause
    {
        private readonly Regex _regex = Compile(pattern);

        public override bool Matches(string lowerName)
        {
            try
            {
                return _regex.IsMatch(lowerName);
            }
            catch (RegexMatchTimeoutException)
            {
                return false;
            }
        }

        private static Regex Compile(string pattern)
        {
            const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;
            try
            {
                return new Regex(pattern, Options | RegexOptions.NonBacktracking, RegexTimeout);
            }
            catch (NotSupportedException)
            {
                return new Regex(pattern, Options, RegexTimeout);
            }
        }
    }

    private sealed class Any(MatchClause[] clauses) : MatchClause
    {
        public override IEnumerable<string> ExactTexts => clauses.SelectMany(clause => clause.ExactTexts);

        public override bool Matches(string lowerName) => Array.Exists(clauses, clause => clause.Matches(lowerName));
    }

    private sealed class All(MatchClause[] clauses) : MatchClause
    {
        public override bool Matches(string lowerName) => Array.TrueForAll(clauses, clause => clause.Matches(lowerName));
    }
}
