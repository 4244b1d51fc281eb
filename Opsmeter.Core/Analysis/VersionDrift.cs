namespace Opsmeter.Core.Analysis;

/// <summary>How a version's cost per request differs from another's, with a 95 % confidence interval.</summary>
/// <param name="Ratio">Later mean ÷ earlier mean − 1: 0.2 is a fifth dearer.</param>
/// <param name="Lower">The lower end of the interval.</param>
/// <param name="Upper">The upper end.</param>
public sealed record VersionDrift(double Ratio, double Lower, double Upper)
{
    /// <summary>The fewest requests of each version about which anything is said.</summary>
    public const int FewestRequests = 200;

    /// <summary>True when zero lies outside the interval: the difference is more than chance.</summary>
    public bool IsClear => Lower > 0 || Upper < 0;

    /// <summary>Compares two versions.</summary>
    /// <remarks>
    /// Costs per request are skewed and their spread grows with their size, so the ratio is taken on the logarithm of the
    /// means (delta method), with Welch's degrees of freedom: B. L. Welch, "The generalization of Student's problem when
    /// several different population variances are involved", Biometrika 34 (1947). A bootstrap would need every request;
    /// this needs three sums, which a report has. Below <see cref="FewestRequests"/> the means of skewed costs are not
    /// near enough to normal, and nothing is said.
    /// </remarks>
    /// <returns>Null where either has too few requests to say, or costs nothing.</returns>
    public static VersionDrift? Between(CostSample earlier, CostSample later)
    {
        if (earlier.Requests < FewestRequests || later.Requests < FewestRequests || earlier.Dollars <= 0 || later.Dollars <= 0)
        {
            return null;
        }

        var (a, b) = (RelativeVariance(earlier), RelativeVariance(later));
        var log = Math.Log(later.Mean / earlier.Mean);
        if (a + b == 0)
        {
            return new VersionDrift(Math.Exp(log) - 1, Math.Exp(log) - 1, Math.Exp(log) - 1);
        }

        var freedom = (a + b) * (a + b) / ((a * a / (earlier.Requests - 1)) + (b * b / (later.Requests - 1)));
        var margin = StudentT975(freedom) * Math.Sqrt(a + b);
        return new VersionDrift(Math.Exp(log) - 1, Math.Exp(log - margin) - 1, Math.Exp(log + margin) - 1);
    }

    // The variance of the mean ÷ its square: that of the mean's logarithm, to the first order.
    private static double RelativeVariance(CostSample sample) => sample.Variance / sample.Requests / (sample.Mean * sample.Mean);

    /// <summary>
    /// The 97.5 % point of Student's t: Cornish and Fisher's expansion, Abramowitz and Stegun 26.7.5. Off by less than
    /// 0.00001 from 100 degrees of freedom on, and here there are 199 at least.
    /// </summary>
    private static double StudentT975(double freedom)
    {
        const double Normal = 1.959963984540054;
        var (z, z3) = (Normal, Math.Pow(Normal, 3));
        return z + ((z3 + z) / (4 * freedom)) + (((5 * Math.Pow(z, 5)) + (16 * z3) + (3 * z)) / (96 * freedom * freedom));
    }
}
