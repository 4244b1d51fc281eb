using AwesomeAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

/// <summary>Somebody edits the database's file by hand: the log says which act it was.</summary>
public sealed class AuditSealTests : IAsyncLifetime
{
    private TestOpsmeter _opsmeter = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _opsmeter = await PolicyOpsmeter.StartAsync();
        _client = await _opsmeter.ClientAsync();
        for (var count = 0; count < 5; count++)
        {
            await _client.PostAsync("/v1/keys", $$"""{"name":"key {{count}}","scopes":["read"]}""");
        }

        await _opsmeter.Services.GetRequiredService<AuditSeals>().SealAsync();
    }

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Theory]
    [InlineData("UPDATE audit SET actor = 'somebody else' WHERE id = 3", "3 altered")]
    [InlineData("UPDATE audit SET at_ticks = at_ticks + 1 WHERE id = 3", "3 altered")]
    [InlineData("UPDATE audit SET after = NULL WHERE id = 3", "3 altered")]
    [InlineData("UPDATE audit SET actor = action, action = actor WHERE id = 3", "3 altered")]
    [InlineData("UPDATE audit_seals SET hash = zeroblob(32) WHERE audit_id = 3", "3 altered", "4 altered")]
    [InlineData("DELETE FROM audit WHERE id = 3", "3 missing")]
    [InlineData("DELETE FROM audit WHERE id = 6", "6 missing")]
    [InlineData("DELETE FROM audit WHERE id >= 5; DELETE FROM audit_seals WHERE audit_id >= 5", "6 missing")]
    [InlineData("DELETE FROM audit WHERE id = 3; DELETE FROM audit_seals WHERE audit_id = 3", "4 altered")]
    [InlineData("DELETE FROM audit_seals WHERE audit_id = 3", "3 unsealed", "4 altered")]
    public async Task Log_EditedByHand_NamesTheAct(string edit, params string[] faults)
    {
        (await _client.ReadAsync("/v1/audit/verify"))["isWhole"].GetBoolean().Should().BeTrue();
        TestSql.Run(_opsmeter.Folder, edit);

        var answer = await _client.ReadAsync("/v1/audit/verify");

        answer["isWhole"].GetBoolean().Should().BeFalse();
        answer["faults"].EnumerateArray().Select(fault => $"{fault.GetProperty("id")} {fault.GetProperty("what").GetString()}").Should().Equal(faults);
    }

    [Fact]
    public async Task Log_LeftAlone_IsWholeAndItsHeadMovesWithEachAct()
    {
        var before = await _client.ReadAsync("/v1/audit/verify");
        await _client.PostAsync("/v1/keys", """{"name":"one more","scopes":["read"]}""");
        var after = await _client.ReadAsync("/v1/audit/verify");

        (before["isWhole"].GetBoolean(), after["isWhole"].GetBoolean()).Should().Be((true, true));
        (after["acts"].GetInt64() - before["acts"].GetInt64()).Should().Be(1);
        after["head"].GetString().Should().HaveLength(64).And.NotBe(before["head"].GetString());
    }

    [Fact]
    public async Task Sealer_SealsByItself()
    {
        await _client.PostAsync("/v1/keys", """{"name":"one more","scopes":["read"]}""");
        using var sealer = new AuditSealer(_opsmeter.Services.GetRequiredService<AuditSeals>(), _opsmeter.Clock!, NullLogger<AuditSealer>.Instance);
        await sealer.StartAsync(default);

        for (var tries = 0; tries < 500; tries++)
        {
            _opsmeter.Clock!.Advance(TimeSpan.FromSeconds(5));
            if (await _opsmeter.LedgerAsync(async db => await db.Audit.CountAsync() == await db.AuditSeals.CountAsync()))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        Assert.Fail("What was written is not sealed.");
    }
}
