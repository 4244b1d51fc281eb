using System.Numerics;

namespace Opsmeter.Web.Ingest;

/// <summary>The warnings as the API spells them.</summary>
public static class RowWarningCodes
{
    /// <summary>Every code, in the documented order; the n-th belongs to the n-th flag.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "unpriced_model",
        "provider_inferred",
        "usage_semantics_inferred",
        "total_mismatch",
        "conflicting_id",
        "superseded",
        "reported_cost_used",
    ];

    /// <summary>The codes of the given warnings, in the documented order.</summary>
    public static IReadOnlyList<string> Of(RowWarnings warnings)
    {
        if (warnings == RowWarnings.None)
        {
            return [];
        }

        var codes = new List<string>(BitOperations.PopCount((uint)warnings));
        for (var i = 0; i < All.Count; i++)
        {
            if (((int)warnings & (1 << i)) != 0)
            {
                codes.Add(All[i]);
            }
        }

        return codes;
    }
}
