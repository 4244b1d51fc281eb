using Opsmeter.Core;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Demo;

namespace Opsmeter.Tests.Web.Demo;

/// <summary>One month of demo traffic with its prices, made once for all tests of a class.</summary>
public sealed class DemoMonth
{
    public const int Seed = 7;

    public static readonly DateTimeOffset Now = new(2026, 11, 23, 16, 30, 0, TimeSpan.Zero);
    public static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    public IReadOnlyList<LlmRequest> Requests { get; } = [.. DemoTraffic.Before(Seed, Now, Zone)];

    public IReadOnlyList<PricedRow> Priced => field ??= [.. Requests.Select(Price)];

    public IEnumerable<PricedRow> Real => Priced.Where(row =>
        row.Request.Environment == DeploymentEnvironment.Prod && row.Request.DataMode == DataMode.Real);

    public static DateTimeOffset Local(LlmRequest request) => Local(request.OccurredAt);

    public static DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone);

    public static DateTimeOffset HourOf(LlmRequest request) =>
        new(request.OccurredAt.UtcTicks - (request.OccurredAt.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>The hour of a day that is alike: of working days or of weekends.</summary>
    public static (int Hour, bool IsWeekend) Slot(DateTimeOffset hour) =>
        (Local(hour).Hour, DemoRhythm.IsWeekend(Local(hour).DayOfWeek));

    private static PricedRow Price(LlmRequest request)
    {
        var priced = PriceBook.BuiltIn.Price(request);
        return new PricedRow(request, priced.Provider, priced.Cost);
    }
}
