using System.Globalization;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench.Faults;

/// <summary>What the fault commands have in common: how the server is started, and how a run is judged.</summary>
internal static class FaultRun
{
    /// <summary>Small segments, so that a fault meets the writing of these too.</summary>
    public static readonly Dictionary<string, string> Settings = new(OpsmeterProcess.UsualSettings) { ["Storage__SegmentRows"] = "1024", ["Backup__DailyAt"] = "" };

    /// <summary>Starts it on a folder and makes a budget that counts everything, unless there is one.</summary>
    public static async Task<OpsmeterProcess> FirstAsync(string folder)
    {
        var opsmeter = await OpsmeterProcess.StartAsync(folder, Settings);
        using var client = opsmeter.Client();
        var made = await client.PostAsync(
            "/v1/budgets",
            $$"""{"name":"All","limitUsd":1000,"window":{"kind":"total"},"owner":"{{OpsmeterProcess.AdminEmail}}","escalation":"default"}""");
        return made.Status == 201 ? opsmeter : throw new InvalidOperationException(made.Text);
    }

    /// <summary>Says what is wrong, once each.</summary>
    /// <returns>1 where anything is.</returns>
    public static int Judge(string what, IReadOnlyCollection<string> wrong)
    {
        foreach (var each in wrong.Distinct().Take(20))
        {
            Console.WriteLine("  " + each);
        }

        return Figures.Judge(what, wrong.Count == 0 ? "nothing wrong" : wrong.Count.ToString(CultureInfo.InvariantCulture) + " wrong", "0", wrong.Count == 0);
    }
}
