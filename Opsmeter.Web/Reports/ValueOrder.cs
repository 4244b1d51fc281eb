using System.Text.Json;

namespace Opsmeter.Web.Reports;

/// <summary>The order of a list of values, as an address has it: <c>-change</c> for the greatest change first.</summary>
/// <param name="By">What it is sorted by.</param>
/// <param name="IsDescending">True for the greatest first.</param>
public sealed record ValueOrder(ValueSort By, bool IsDescending)
{
    /// <summary>Dearest first.</summary>
    public static readonly ValueOrder Usual = new(ValueSort.Cost, IsDescending: true);

    /// <summary>Reads an address' part; what cannot be read is the usual order.</summary>
    public static ValueOrder Parse(string? text)
    {
        var name = text?.TrimStart('-');
        return name is { Length: > 0 } && char.IsLetter(name[0]) && Enum.TryParse<ValueSort>(name, ignoreCase: true, out var by)
            ? new ValueOrder(by, text![0] == '-')
            : Usual;
    }

    /// <summary>As the address has it; null for the usual order.</summary>
    public string? ToText() =>
        this == Usual ? null : (IsDescending ? "-" : "") + JsonNamingPolicy.CamelCase.ConvertName(By.ToString());

    /// <summary>The order after its heading is pressed: turned round where it is in force, else with the greatest first.</summary>
    public ValueOrder Pressed(ValueSort by) => by == By ? this with { IsDescending = !IsDescending } : new(by, by != ValueSort.Name);

    /// <summary>Sorts; values without the figure come last either way, and the dearer first among equals.</summary>
    public IReadOnlyList<ValueLine> Sort(IEnumerable<ValueLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        if (By == ValueSort.Name)
        {
            var byName = lines.OrderByDescending(line => line.IsSingle);
            return
            [
                .. IsDescending
                    ? byName.ThenByDescending(line => line.Value, StringComparer.OrdinalIgnoreCase)
                    : byName.ThenBy(line => line.Value, StringComparer.OrdinalIgnoreCase),
            ];
        }

        var known = lines.OrderByDescending(line => FigureOf(line) is not null);
        return
        [
            .. (IsDescending ? known.ThenByDescending(FigureOf) : known.ThenBy(FigureOf))
                .ThenByDescending(line => line.Sums.Priced).ThenBy(line => line.Value, StringComparer.Ordinal),
        ];
    }

    private decimal? FigureOf(ValueLine line) => By switch
    {
        ValueSort.Name => null,
        ValueSort.Cost => line.Sums.Cost?.Nano,
        ValueSort.Change => line.Change is { Kind: ChangeKind.New or ChangeKind.FromZero } ? decimal.MaxValue : line.Change.Ratio,
        ValueSort.Requests => line.Sums.Requests,
        ValueSort.Errors => line.Sums.ErrorShare(),
        ValueSort.PerRequest => line.Sums.CostPerRequest()?.Nano,
        ValueSort.P95 => line.P95Ms,
    };
}
