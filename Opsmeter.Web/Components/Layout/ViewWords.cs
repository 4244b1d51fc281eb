using System.Globalization;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Layout;

/// <summary>A view in words.</summary>
internal static class ViewWords
{
    /// <summary>The range's name, or its ends in the workspace's zone: <c>12 Nov 14:00 – 13 Nov 01:00</c>.</summary>
    public static string Range(SpendView view, SpendPeriod? period)
    {
        var asked = period?.Range.Problem is null ? view : SpendView.Usual;
        var preset = SpendRange.Presets.FirstOrDefault(preset => preset.From == asked.From && preset.To == asked.To);
        return preset.Label ?? (period is null ? $"{asked.From} to {asked.To}" : Ends(period));
    }

    /// <summary>What it is compared with.</summary>
    public static string Compare(ComparedWith compare) => compare switch
    {
        ComparedWith.Previous => "previous period",
        ComparedWith.Week => "same period last week",
        ComparedWith.None => "nothing",
    };

    /// <summary>The environment, or all.</summary>
    public static string Environment(DeploymentEnvironment? environment) => environment switch
    {
        DeploymentEnvironment.Prod => "prod",
        DeploymentEnvironment.Staging => "staging",
        DeploymentEnvironment.Dev => "dev",
        null => "all",
    };

    /// <summary>The data mode, or all.</summary>
    public static string Data(DataMode? mode) => mode switch
    {
        DataMode.Real => "real",
        DataMode.Test => "test",
        DataMode.Demo => "demo",
        null => "all",
    };

    /// <summary>A dimension, within a sentence.</summary>
    public static string Of(Dimension dimension) => dimension switch
    {
        Dimension.EndpointTag => "endpoint",
        Dimension.UserId => "user",
        Dimension.TenantId => "tenant",
        Dimension.Provider => "provider",
        Dimension.Model => "model",
        Dimension.PromptVersion => "prompt version",
        Dimension.ApiKey => "API key",
    };

    /// <summary>What is in view besides, or in place of, production's real requests.</summary>
    public static string Scope(SpendView view)
    {
        var requests = view.Environment switch
        {
            DeploymentEnvironment.Prod => "Production requests",
            DeploymentEnvironment.Staging => "Staging requests",
            DeploymentEnvironment.Dev => "Development requests",
            null => "Requests of every environment",
        };
        return view.DataMode switch
        {
            DataMode.Real => $"{requests} are in view.",
            DataMode.Test => $"{requests} with test data are in view.",
            DataMode.Demo => $"{requests} with demo data are in view.",
            null => $"{requests}, with real, test and demo data, are in view.",
        };
    }

    private static string Ends(SpendPeriod period)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(period.Settings.TimeZone);
        var (from, to) = (In(period.Range.Window.Start), In(period.Range.Window.End));
        var day = from.Year == to.Year && to.Year == In(period.Now).Year ? "d MMM" : "d MMM yyyy";
        if (from.TimeOfDay == TimeSpan.Zero && to.TimeOfDay == TimeSpan.Zero)
        {
            var last = to.AddDays(-1);
            return last.Date == from.Date ? Text(from, day) : $"{Text(from, day)} – {Text(last, day)}";
        }

        return $"{Text(from, day)} {Text(from, "HH:mm")} – {(to.Date == from.Date ? null : Text(to, day) + " ")}{Text(to, "HH:mm")}";

        DateTime In(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, zone).DateTime;

        static string Text(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
    }
}
