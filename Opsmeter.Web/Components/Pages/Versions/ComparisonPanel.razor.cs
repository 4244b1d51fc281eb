using System.Globalization;
using Microsoft.AspNetCore.Components;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Versions;

/// <summary>Two prompt versions side by side, and what the difference means.</summary>
public sealed partial class ComparisonPanel
{
    private static readonly (string Name, Func<SpendSums, long> Of)[] Tokens =
    [
        ("Input tokens", sums => sums.InputTokens), ("of them cached", sums => sums.CachedInputTokens), ("Output tokens", sums => sums.OutputTokens),
    ];

    private readonly string _id = ElementIds.Next("comparison");
    private ElementReference _heading;

    /// <summary>The comparison.</summary>
    [Parameter, EditorRequired]
    public VersionComparison Data { get; set; } = default!;

    /// <summary>Called to turn it round.</summary>
    [Parameter]
    public EventCallback OnSwap { get; set; }

    /// <summary>Called to end it.</summary>
    [Parameter]
    public EventCallback OnClose { get; set; }

    private VersionLine A => Data.First.Line;

    private VersionLine B => Data.Second.Line;

    private string Points => A.Sums.Requests == 0 || B.Sums.Requests == 0
        ? "—"
        : ((ErrorShare(B) - ErrorShare(A)) * 100).ToString("+0.##;\u22120.##;0", CultureInfo.InvariantCulture) + " points";

    // Whoever asked for it, by two checkboxes or by a link, wants to read it.
    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await _heading.FocusAsync();
        }
    }

    private static decimal ErrorShare(VersionLine line) => (decimal)line.Sums.Errors / line.Sums.Requests;

    private static string Errors(VersionLine line) =>
        line.Sums.Requests == 0 ? "—" : (ErrorShare(line) * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static double? Mean(VersionLine line, Func<SpendSums, long> tokens) =>
        line.Sums.Requests == 0 ? null : (double)tokens(line.Sums) / line.Sums.Requests;

    private static string PerRequest(VersionLine line, Func<SpendSums, long> tokens) =>
        Mean(line, tokens) is { } mean ? Count.Format((long)Math.Round(mean)) : "—";

    private static string Latency(int? milliseconds) => milliseconds switch
    {
        null => "—",
        < 10_000 => $"{Count.Format(milliseconds.Value)} ms",
        _ => (milliseconds.Value / 1000m).ToString("#,##0.0 's'", CultureInfo.InvariantCulture),
    };

    private static string Change(double? before, double? after) =>
        before is > 0 && after is { } now ? VersionWords.Change((now / before.Value) - 1) : "—";
}
