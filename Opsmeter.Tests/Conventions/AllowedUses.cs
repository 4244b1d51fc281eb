namespace Opsmeter.Tests.Conventions;

/// <summary>Who may use whom, by the first name below <c>Opsmeter.Core</c> and <c>Opsmeter.Web</c>. The whole of it is here.</summary>
internal static class AllowedUses
{
    public const string Core = "Opsmeter.Core";
    public const string Web = "Opsmeter.Web";

    /// <summary>Files at the root of a project that put the rest together and may use all of it.</summary>
    public static readonly string[] Composers = ["Opsmeter.Core/Pipeline.cs", "Opsmeter.Web/Program.cs"];

    /// <summary>Core's stages look only upstream; Analysis and Replay look at all of them.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> InCore = new Dictionary<string, string[]>
    {
        [""] = ["Telemetry"],
        ["Telemetry"] = [],
        ["Pricing"] = ["Telemetry"],
        ["Metering"] = ["Telemetry", "Pricing"],
        ["Budgets"] = ["Telemetry", "Pricing", "Metering"],
        ["Decisions"] = ["Telemetry", "Pricing", "Metering", "Budgets"],
        ["Alerts"] = ["Telemetry", "Pricing", "Metering", "Budgets", "Decisions"],
        ["Analysis"] = ["Telemetry", "Pricing", "Metering", "Budgets", "Decisions", "Alerts", "Replay"],
        ["Replay"] = ["Telemetry", "Pricing", "Metering", "Budgets", "Decisions", "Alerts", "Analysis"],
    };

    /// <summary>Web's features do not use each other, only what serves all of them.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> InWeb = new Dictionary<string, string[]>
    {
        // What people edit, as the API writes it and the store keeps it.
        ["Documents"] = [],
        ["Storage"] = ["Documents", "Live"],
        ["Live"] = ["Documents", "Storage", "Hosting", "Identity"],
        ["Identity"] = ["Documents", "Storage", "Live", "Hosting"],
        ["Ingest"] = ["Documents", "Storage", "Live", "Hosting", "Identity"],

        // OTLP is another door to ingest, and demo traffic goes through its queue.
        ["Otlp"] = ["Documents", "Storage", "Live", "Hosting", "Identity", "Ingest"],
        ["Demo"] = ["Documents", "Storage", "Live", "Hosting", "Identity", "Ingest", "Policy"],

        ["Decisions"] = ["Documents", "Storage", "Live", "Hosting", "Identity"],
        ["Policy"] = ["Documents", "Storage", "Live", "Hosting", "Identity"],
        ["Reports"] = ["Documents", "Storage", "Live", "Hosting", "Identity"],
        ["Alerts"] = ["Documents", "Storage", "Live", "Hosting", "Identity"],
        ["Operating"] = ["Documents", "Storage", "Live", "Hosting", "Identity"],
        ["Views"] = ["Documents", "Storage", "Live", "Hosting", "Identity"],

        // Pages read through Reports and change things through Policy, as the API does; never through storage.
        ["Components"] = ["Documents", "Live", "Hosting", "Identity", "Reports", "Policy", "Operating", "Views"],
        ["Hosting"] =
        [
            "Documents", "Storage", "Live", "Identity", "Ingest", "Otlp", "Demo", "Decisions", "Policy", "Reports", "Alerts", "Operating", "Views", "Components",
        ],
    };
}
