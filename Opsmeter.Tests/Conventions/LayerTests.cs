using System.Text.RegularExpressions;
using AwesomeAssertions;
using Xunit;

namespace Opsmeter.Tests.Conventions;

public sealed partial class LayerTests
{
    [Fact]
    public void Core_Stages_LookOnlyUpstream()
    {
        var files = SourceFile.Of(AllowedUses.Core);

        files.Should().HaveCountGreaterThan(40);
        Uses.Forbidden(files, AllowedUses.Core, AllowedUses.InCore).Should().BeEmpty();
    }

    [Fact]
    public void Core_Stages_DoNotKnowThePipelineOrTheWeb()
    {
        var files = SourceFile.Of(AllowedUses.Core).Where(file => !AllowedUses.Composers.Contains(file.Path)).ToList();

        files.Where(file => file.NamesBelow(AllowedUses.Web).Any()).Should().BeEmpty();
        files.Where(file => !file.Path.Contains("/Replay/", StringComparison.Ordinal) && Pipeline().IsMatch(file.Code)).Should().BeEmpty();
    }

    [Fact]
    public void Web_Features_DoNotUseEachOther()
    {
        var files = SourceFile.Of(AllowedUses.Web);

        files.Should().NotBeEmpty();
        Uses.Forbidden(files, AllowedUses.Web, AllowedUses.InWeb).Should().BeEmpty();
    }

    [Fact]
    public void AllowedUses_EveryName_HasItsRow()
    {
        AllowedUses.InCore.Values.SelectMany(uses => uses).Except(AllowedUses.InCore.Keys).Should().BeEmpty();
        AllowedUses.InWeb.Values.SelectMany(uses => uses).Except(AllowedUses.InWeb.Keys).Should().BeEmpty();
    }

    [Theory]
    [InlineData("Opsmeter.Core/Metering/Meter.cs", "using Opsmeter.Core.Budgets;\nnamespace Opsmeter.Core.Metering;", "Metering may not use Budgets")]
    [InlineData("Opsmeter.Core/Metering/Meter.cs", "namespace Opsmeter.Core.Metering;\nOpsmeter.Core.Decisions.Decision x;", "Metering may not use Decisions")]
    [InlineData("Opsmeter.Core/Usd.cs", "using static Opsmeter.Core.Budgets.Cap;\nnamespace Opsmeter.Core;", "may not use Budgets")]
    [InlineData("Opsmeter.Core/Guesses/Guess.cs", "namespace Opsmeter.Core.Guesses;", "'Guesses' has no row")]
    public void Forbidden_SeededViolationInCore_IsFound(string path, string text, string found) =>
        Uses.Forbidden([new SourceFile(path, text)], AllowedUses.Core, AllowedUses.InCore)
            .Should().ContainSingle().Which.Should().Contain(found);

    [Theory]
    [InlineData("Opsmeter.Web/Reports/Totals.cs", "using Opsmeter.Web.Alerts;\nnamespace Opsmeter.Web.Reports;", "Reports may not use Alerts")]
    [InlineData("Opsmeter.Web/Components/Pages/Home.razor", "@using Opsmeter.Web.Storage\n<p></p>", "Components may not use Storage")]
    [InlineData("Opsmeter.Web/Components/Pages/Home.razor", "@inject Opsmeter.Web.Ingest.Queue Queue", "Components may not use Ingest")]
    [InlineData("Opsmeter.Web/Storage/Rows.cs", "namespace Opsmeter.Web.Storage.Pages\n{ using Q = Opsmeter.Web.Policy.Q; }", "Storage may not use Policy")]
    [InlineData("Opsmeter.Web/Extras/Extra.cs", "namespace Opsmeter.Web.Extras;", "'Extras' has no row")]
    public void Forbidden_SeededViolationInWeb_IsFound(string path, string text, string found) =>
        Uses.Forbidden([new SourceFile(path, text)], AllowedUses.Web, AllowedUses.InWeb)
            .Should().ContainSingle().Which.Should().Contain(found);

    [Fact]
    public void Forbidden_CommentsAndComposers_AreLeftAlone()
    {
        var comment = new SourceFile(
            "Opsmeter.Web/Reports/Totals.cs", "// as Opsmeter.Web.Alerts does\n/* Opsmeter.Web.Demo */\nnamespace Opsmeter.Web.Reports;");
        var composer = new SourceFile("Opsmeter.Web/Program.cs", "using Opsmeter.Web.Ingest;\nusing Opsmeter.Web.Alerts;");

        Uses.Forbidden([comment, composer], AllowedUses.Web, AllowedUses.InWeb).Should().BeEmpty();
    }

    [GeneratedRegex(@"(?<![\w.])Pipeline\b")]
    private static partial Regex Pipeline();
}
