using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Operating;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Operating;

public sealed class DiagnosisTests
{
    [Fact]
    public async Task Diagnosis_OfAHealthyInstallation_CountsAndAdvisesNothing()
    {
        await using var opsmeter = new TestOpsmeter();
        using var client = await opsmeter.ClientAsync();
        for (var number = 0; number < 3; number++)
        {
            (await client.PostAsync("/v1/ingest/llm-request", RowText.Of($"req_{number}", endpoint: "agents.plan", user: "user_1"))).Status.Should().Be(200);
        }

        var items = Read(opsmeter);

        items["Rows since the start"].Value.Should().Be("3");
        items["State"].Value.Should().Be("Rows are taken");
        items["Faults"].Value.Should().Be("0");
        items["Database schema"].Value.Should().Be(Store.NewestSchema);
        items["SQLite"].Value.Should().MatchRegex(@"^3\.\d+\.\d+$");

        // The machine's own disk may be full, or busy with something else.
        items.Values.Where(item => item.Label is not ("Free on its disk" or "Last commit")).Should().OnlyContain(item => item.Advice == null);
        items.Values.Should().OnlyContain(item => !item.Value.Contains("agents.plan", StringComparison.Ordinal) && !item.Value.Contains("user_1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Diagnosis_OfAFaultyLedger_SaysWhichRowAndWhatToDo()
    {
        await using var opsmeter = new TestOpsmeter();
        using var client = await opsmeter.ClientAsync();
        opsmeter.Services.GetRequiredService<LedgerHealth>().Note(new LedgerFault(5, 5, LedgerFault.Altered));

        var faults = Read(opsmeter)["Faults"];

        faults.Value.Should().Be("1");
        faults.Advice.Should().Contain("row 5 altered").And.Contain("Restore a backup");
    }

    private static Dictionary<string, DiagnosisItem> Read(TestOpsmeter opsmeter) =>
        opsmeter.Services.GetRequiredService<Diagnosis>().Read().SelectMany(group => group.Items).ToDictionary(item => item.Label, StringComparer.Ordinal);
}
