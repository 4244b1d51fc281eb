using System.Text.Json;
using AwesomeAssertions;
using CsCheck;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Documents;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

public sealed class BudgetRulesPropertyTests
{
    private static readonly string[] Members = ["Lead@Example.com", "second@example.com"];

    private static readonly BudgetContext Context = new()
    {
        TimeZone = "Europe/Berlin", WeekStartsOn = DayOfWeek.Sunday, MemberEmails = Members, Now = PolicyOpsmeter.Now,
    };

    // Quotes, backslashes, a character outside the first plane and one that HTML would escape.
    private static readonly Gen<string> Text =
        Pick.OneOf("a", "Z", "0", ".", "/", "\"", "\\", "é", "<", " ", "😀").Array[1, 40].Select(pieces => "x" + string.Concat(pieces));

    private static readonly Gen<decimal?> Usd = Gen.Long[1, 1_000_000_000_000_000_000].Select(nano => (decimal?)(nano / 1_000_000_000m));

    private static readonly Gen<ConditionDraft> Condition = Gen.Select(
        Gen.Enum<Dimension>(), Text.List[1, 4], Gen.Bool,
        (dimension, values, prefix) => new ConditionDraft
        {
            Dimension = dimension, Values = prefix ? values.ConvertAll(value => value + "*") : values,
        });

    private static readonly Gen<WindowDraft> Window = Gen.Select(
        Gen.Enum<WindowKind>(), Maybe(Pick.OneOf("Asia/Kolkata", "UTC", "Pacific/Apia")), MaybeValue(Gen.Enum<DayOfWeek>()),
        MaybeValue(Gen.Int[1, 28]),
        (kind, zone, starts, anchor) => new WindowDraft { Kind = kind, TimeZone = zone, WeekStartsOn = starts, AnchorDay = anchor });

    private static readonly Gen<ConfirmationDraft> Confirmation = Gen.Select(
        MaybeValue(Gen.Enum<ConfirmationMode>()), MaybeValue(Gen.Int[0, 1_000_000]), Gen.Int[1, 21_600], Gen.Int[1, 21_600],
        MaybeValue(Gen.Int[100, 100_000]),
        (mode, rate, some, more, ceiling) => new ConfirmationDraft
        {
            Mode = mode, MinRate = rate / 100m, ShortMinutes = some, LongMinutes = some + more, Ceiling = ceiling / 100m,
        });

    private static readonly Gen<DegradedModeDraft> DegradedMode = Gen.Select(
        Maybe(Text), MaybeValue(Gen.Int[1, int.MaxValue]), MaybeValue(Gen.Int[1, int.MaxValue]), MaybeValue(Gen.Bool), Maybe(Text.List[0, 3]),
        (model, output, input, disable, tools) => new DegradedModeDraft
        {
            Model = model, MaxOutputTokens = output, MaxInputTokens = input, DisableTools = disable,
            AllowedTools = disable == true ? null : tools,
        });

    private static readonly Gen<TemporaryIncreaseDraft> Increase = Gen.Select(
        Usd, Gen.Long[1, TimeSpan.TicksPerDay * 400], Text,
        (usd, ticks, reason) => new TemporaryIncreaseDraft
        {
            AmountUsd = usd, Until = PolicyOpsmeter.Now + TimeSpan.FromTicks(ticks), Reason = reason,
        });

    private static readonly Gen<BudgetDraft> Draft =
        from texts in Gen.Select(Text, Maybe(Text), Maybe(Text))
        from flags in Gen.Select(MaybeValue(Gen.Bool), MaybeValue(Gen.Bool), Gen.Bool)
        from conditions in Condition.List[0, 3]
        from per in MaybeValue(Gen.Enum<Dimension>())
        from overrides in Gen.Select(Text, Usd).List[0, 3]
        from counted in Gen.Select(
            MaybeValue(Pick.OneOf(0, 1, 2)), MaybeValue(Pick.OneOf(0, 1, 2)), MaybeValue(Gen.Long[1, long.MaxValue]), Usd, MaybeValue(Usd))
        from window in Window
        from ratios in Gen.Select(MaybeValue(Gen.Int[1, 100]), Gen.Int[1, 100].List[0, 3], MaybeValue(Gen.Int[1, 1_000]))
        from act in Gen.Select(MaybeValue(Gen.Enum<Cap>()), MaybeValue(Gen.Enum<DegradeAt>()), MaybeValue(Gen.Enum<HoldExpiry>()))
        from confirmation in Confirmation
        from mode in Maybe(DegradedMode)
        from people in Gen.Select(Gen.Bool, Gen.Bool)
        from increase in Maybe(Increase)
        select new BudgetDraft
        {
            Name = texts.Item1,
            Notes = texts.Item2,
            BlockMessage = texts.Item3,
            Enabled = flags.Item1,
            BlockTier1 = flags.Item2,
            Conditions = conditions,
            Per = per,
            Overrides = per is null || flags.Item3 ? [] : overrides.DistinctBy(other => other.Item1, StringComparer.OrdinalIgnoreCase)
                .Select(other => new OverrideDraft { Value = other.Item1, LimitUsd = other.Item2 }).ToList(),
            Environments = counted.Item1 is { } environments ? [.. Enum.GetValues<DeploymentEnvironment>().Take(environments + 1)] : null,
            DataModes = counted.Item2 is { } modes ? [.. Enum.GetValues<DataMode>().Take(modes + 1)] : null,
            LimitUsd = counted.Item4,
            LimitRequests = counted.Item3,
            LimitTokens = counted.Item3,
            UnkeyedLimitUsd = per is null ? null : counted.Item5,
            Window = window,
            WarnAt = ratios.Item1 / 100m,
            NotifyAt = ratios.Item2.ConvertAll(ratio => ratio / 100m),
            ForecastWarnAt = ratios.Item3 / 100m,
            Cap = act.Item1,
            DegradeAt = act.Item2,
            HoldExpiry = act.Item3,
            Confirmation = confirmation,
            DegradedMode = mode,
            Owner = people.Item1 ? "lead@example.com" : "SECOND@example.com",
            Backup = !people.Item2 ? null : people.Item1 ? "second@example.com" : "LEAD@EXAMPLE.COM",
            Escalation = "default",
            TemporaryIncrease = increase,
        };

    [Fact]
    public void Check_AnyGoodDraft_SurvivesJsonTheFormAndTheApiUnchanged() => Draft.Sample(draft =>
    {
        var (budget, errors) = BudgetRules.Check(draft, Context);
        if (budget is null)
        {
            throw new InvalidOperationException(JsonSerializer.Serialize(errors));
        }

        var json = JsonSerializer.Serialize(budget, DocumentJson.Options);
        var stored = JsonSerializer.Deserialize<BudgetDocument>(json, DocumentJson.Options)!;
        JsonSerializer.Serialize(stored, DocumentJson.Options).Should().Be(json);
        stored.CountsLike(budget).Should().BeTrue();
        stored.ToBudget().Limits.Should().Be(budget.ToBudget().Limits);

        // A day later, so that an increase may have run out and its beginning must not move.
        var later = Context with { Now = Context.Now.AddDays(1), Before = stored };
        Again(BudgetDraft.Of(stored)).Should().Be(json);
        Again(Read(json)).Should().Be(json);

        string Again(BudgetDraft copy) => JsonSerializer.Serialize(BudgetRules.Check(copy, later).Budget, DocumentJson.Options);
    });

    [Fact]
    public void Check_OwnerInAnotherCase_IsKeptAsTheMemberHasIt()
    {
        var draft = new BudgetDraft
        {
            Name = "Chat", LimitRequests = 1, Window = new WindowDraft { Kind = WindowKind.Week }, Owner = " lead@EXAMPLE.com ", Escalation = "default",
        };

        var (budget, errors) = BudgetRules.Check(draft, Context);

        errors.Should().BeEmpty();
        budget!.Owner.Should().Be("Lead@Example.com");
        budget.Window.Should().Be(new WindowDocument { Kind = WindowKind.Week, TimeZone = "Europe/Berlin", WeekStartsOn = DayOfWeek.Sunday });
    }

    private static BudgetDraft Read(string json)
    {
        var errors = new FieldErrors();
        using var document = JsonDocument.Parse(json);
        var draft = DraftReader.Budget(new DraftFields(document.RootElement, errors));
        errors.ToDictionary().Should().BeEmpty();
        return draft;
    }

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : class => Gen.OneOf(Gen.Const((T?)null), gen.Select(value => (T?)value));

    private static Gen<T?> MaybeValue<T>(Gen<T> gen)
        where T : struct => Gen.OneOf(Gen.Const((T?)null), gen.Select(value => (T?)value));

    private static Gen<decimal?> MaybeValue(Gen<decimal?> gen) => Gen.OneOf(Gen.Const((decimal?)null), gen);
}
