using System.Globalization;

namespace Opsmeter.Web.Demo;

/// <summary>The customers of the invented company: a few large ones, many small ones, and their users.</summary>
public sealed class DemoTenants
{
    /// <summary>How many there are.</summary>
    public const int Count = 200;

    private const double Tail = 1.05;
    private readonly string[] _names = new string[Count];
    private readonly string[][] _users = new string[Count][];
    private readonly double[] _cumulative;

    /// <summary>Invents them; the same random numbers give the same customers.</summary>
    public DemoTenants(Random random)
    {
        var weights = new double[Count];
        for (var rank = 0; rank < Count; rank++)
        {
            // Second in size, so that the loud tenant is no surprise until the spike makes it the first.
            _names[rank] = rank == 1 ? DemoCompany.LoudTenant : "tenant_" + Hash(random);
            weights[rank] = 1 / Math.Pow(rank + 1, Tail);
            _users[rank] = [.. Enumerable.Range(0, 3 + (int)(400 * weights[rank])).Select(_ => "user_" + Hash(random))];
        }

        _cumulative = DemoSampler.Cumulative(weights);
    }

    /// <summary>Their names, the largest first.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Picks a tenant by size, and one of its users.</summary>
    public (string Tenant, string User) Pick(Random random) => UserOf(DemoSampler.Pick(_cumulative, random), random);

    /// <summary>Picks one of the loud tenant's few users that run the agent.</summary>
    public (string Tenant, string User) PickLoud(Random random) => (_names[1], _users[1][random.Next(5)]);

    private (string Tenant, string User) UserOf(int tenant, Random random)
    {
        // The square favours the first users: every team has some who do most of the work.
        var part = random.NextDouble();
        return (_names[tenant], _users[tenant][(int)(part * part * _users[tenant].Length)]);
    }

    private static string Hash(Random random) => random.NextInt64(1L << 40).ToString("x10", CultureInfo.InvariantCulture);
}
