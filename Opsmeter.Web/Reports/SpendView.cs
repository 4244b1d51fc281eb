using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Reports;

/// <summary>
/// What every Spend page looks at, as its address has it: range, comparison, environment, data mode and filters. The same
/// address shows the same thing to everyone who may see it.
/// </summary>
public sealed record SpendView
{
    /// <summary>The range where none is given.</summary>
    public const string UsualFrom = "now-7d";

    /// <summary>The end of ranges that run.</summary>
    public const string Now = "now";

    private const string All = "all";

    /// <summary>What the address calls each dimension.</summary>
    public static readonly FrozenDictionary<Dimension, string> Names = new Dictionary<Dimension, string>
    {
        [Dimension.EndpointTag] = "endpoint",
        [Dimension.UserId] = "user",
        [Dimension.TenantId] = "tenant",
        [Dimension.Provider] = "provider",
        [Dimension.Model] = "model",
        [Dimension.PromptVersion] = "version",
        [Dimension.ApiKey] = "key",
    }.ToFrozenDictionary();

    /// <summary>The view of an address without a query.</summary>
    public static readonly SpendView Usual = new();

    /// <summary>The start where an address says none.</summary>
    public string Usually { get; init; } = UsualFrom;

    /// <summary>The start as written: RFC 3339, or relative to now; see <see cref="TimeExpression"/>.</summary>
    public string From { get; init; } = UsualFrom;

    /// <summary>The end as written; <c>now</c> runs on.</summary>
    public string To { get; init; } = Now;

    /// <summary>What it is compared with.</summary>
    public ComparedWith Compare { get; init; }

    /// <summary>Only this environment; null for all.</summary>
    public DeploymentEnvironment? Environment { get; init; } = DeploymentEnvironment.Prod;

    /// <summary>Only this data mode; null for all.</summary>
    public DataMode? DataMode { get; init; } = Core.Telemetry.DataMode.Real;

    /// <summary>Only requests with one of these exact values, for each dimension named; sorted by dimension.</summary>
    public IReadOnlyList<SpendFilter> Filters { get; init; } = [];

    /// <summary>True when only production's real requests are looked at, as budgets do unless told otherwise.</summary>
    public bool IsProduction => Environment == DeploymentEnvironment.Prod && DataMode == Core.Telemetry.DataMode.Real;

    /// <summary>The filters as a query takes them.</summary>
    public IReadOnlyDictionary<Dimension, IReadOnlyList<string>> Only => Filters.ToDictionary(filter => filter.Dimension, filter => filter.Values);

    /// <summary>Reads an address. What cannot be read is as if it were not there.</summary>
    /// <param name="address">An address, or the query of one.</param>
    /// <param name="usually">The start where it says none.</param>
    public static SpendView Parse(string address, string usually = UsualFrom)
    {
        ArgumentNullException.ThrowIfNull(address);
        var start = address.IndexOf('?', StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(start < 0 ? "" : address[start..].Split('#')[0]);
        return new SpendView
        {
            Usually = usually,
            From = Text("from") ?? usually,
            To = Text("to") ?? Now,
            Compare = One<ComparedWith>("compare") ?? ComparedWith.Previous,
            Environment = IsAll("environment") ? null : One<DeploymentEnvironment>("environment") ?? DeploymentEnvironment.Prod,
            DataMode = IsAll("data") ? null : One<DataMode>("data") ?? Core.Telemetry.DataMode.Real,
            Filters =
            [
                .. Names.OrderBy(entry => entry.Key)
                    .Select(entry => new SpendFilter(
                        entry.Key, [.. query.GetValueOrDefault(entry.Value).OfType<string>().Where(value => value.Length > 0).Distinct(StringComparer.Ordinal)]))
                    .Where(filter => filter.Values.Count > 0),
            ],
        };

        string? Text(string name) => query.TryGetValue(name, out var values) && values[0] is { Length: > 0 } text ? text : null;

        bool IsAll(string name) => string.Equals(Text(name), All, StringComparison.OrdinalIgnoreCase);

        T? One<T>(string name)
            where T : struct, Enum =>
            Text(name) is { } text && char.IsLetter(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var value) ? value : null;
    }

    /// <summary>The query of its address, without what is usual: empty, or beginning with <c>?</c>.</summary>
    /// <param name="more">What a page adds; parts that are null are left out.</param>
    public string ToQuery(params ReadOnlySpan<(string Name, string? Value)> more)
    {
        var parts = new List<KeyValuePair<string, string?>>();
        Add("from", From == Usually && To == Now ? null : From);
        Add("to", To == Now ? null : To);
        Add("compare", Compare == ComparedWith.Previous ? null : Lower(Compare));
        Add("environment", Environment switch { DeploymentEnvironment.Prod => null, null => All, { } one => Lower(one) });
        Add("data", DataMode switch { Core.Telemetry.DataMode.Real => null, null => All, { } one => Lower(one) });
        foreach (var filter in Filters)
        {
            foreach (var value in filter.Values)
            {
                Add(Names[filter.Dimension], value);
            }
        }

        foreach (var (name, value) in more)
        {
            Add(name, value);
        }

        return QueryHelpers.AddQueryString("", parts);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                parts.Add(new(name, value));
            }
        }

        static string Lower<T>(T value)
            where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
    }

    /// <summary>The same, of this value of a dimension alone.</summary>
    public SpendView With(Dimension dimension, string value) => Set(dimension, [value]);

    /// <summary>The same, of this value too where there is a filter by its dimension, of this value alone where there is none.</summary>
    public SpendView Also(Dimension dimension, string value)
    {
        var values = Filters.FirstOrDefault(filter => filter.Dimension == dimension)?.Values ?? [];
        return Set(dimension, values.Contains(value, StringComparer.Ordinal) ? values : [.. values, value]);
    }

    /// <summary>The same without this value of a dimension; without a filter by it when there is no other.</summary>
    public SpendView Without(Dimension dimension, string value) =>
        Set(dimension, [.. Filters.Where(filter => filter.Dimension == dimension).SelectMany(filter => filter.Values).Where(other => other != value)]);

    /// <summary>The same without a filter by a dimension.</summary>
    public SpendView Without(Dimension dimension) => this with { Filters = [.. Filters.Where(filter => filter.Dimension != dimension)] };

    /// <summary>The same in another range.</summary>
    public SpendView In(string from, string to = Now) => this with { From = from, To = to };

    /// <summary>The same between two instants.</summary>
    public SpendView In(Core.TimeWindow range) => In(Written(range.Start), Written(range.End));

    /// <inheritdoc />
    public bool Equals(SpendView? other) => other is not null && ToQuery() == other.ToQuery();

    /// <inheritdoc />
    public override int GetHashCode() => ToQuery().GetHashCode(StringComparison.Ordinal);

    private SpendView Set(Dimension dimension, IReadOnlyList<string> values)
    {
        var others = Filters.Where(filter => filter.Dimension != dimension);
        return this with
        {
            Filters = [.. values.Count == 0 ? others : others.Append(new SpendFilter(dimension, values)).OrderBy(filter => filter.Dimension)],
        };
    }

    private static string Written(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Only requests with one of these exact values of a dimension.</summary>
public sealed record SpendFilter(Dimension Dimension, IReadOnlyList<string> Values);
