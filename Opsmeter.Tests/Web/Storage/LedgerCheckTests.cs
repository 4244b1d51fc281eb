using System.Globalization;
using AwesomeAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Storage;

/// <summary>Somebody, or a failing disk, changes the ledger's file: the check says which row it was.</summary>
public sealed class LedgerCheckTests : IAsyncLifetime
{
    private const int Rows = 30;
    private readonly TestFolder _folder = new();
    private string[] _ids = [];

    private string Database => Path.Combine(_folder.Path, StorageOptions.DatabaseFile);

    public async ValueTask InitializeAsync()
    {
        await using var opsmeter = new TestOpsmeter(_folder.Path);
        using var client = await opsmeter.ClientAsync();
        _ids = [.. Enumerable.Range(1, Rows).Select(number => "req_" + number.ToString(CultureInfo.InvariantCulture))];
        foreach (var id in _ids)
        {
            (await client.PostAsync("/v1/ingest/llm-request", RowText.Of(id, endpoint: "agents.plan", input: 1_000, output: 10, user: "user_1"))).Status.Should().Be(200);
        }

        (await client.PostAsync($"/v1/requests/{_ids[6]}/void", """{"revision":1,"reason":"a test row"}""")).Status.Should().Be(200);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Ledger_AsItWasWritten_HasNoFault() => (await FaultsAsync()).Should().BeEmpty();

    [Theory]
    [InlineData("UPDATE requests SET cost_nano = cost_nano + 1 WHERE seq = 5", "row 5 altered")]
    [InlineData("UPDATE requests SET workspace_id = 2 WHERE seq = 5", "row 5 altered")]
    [InlineData("UPDATE requests SET external_id = 'req_x' WHERE seq = 5", "row 5 altered")]
    [InlineData("UPDATE requests SET occurred_ticks = occurred_ticks + 1 WHERE seq = 5", "row 5 altered")]
    [InlineData("UPDATE requests SET received_ticks = received_ticks + 1 WHERE seq = 5", "row 5 altered")]
    [InlineData("UPDATE requests SET user_id = NULL WHERE seq = 5", "row 5 altered")]
    [InlineData("UPDATE requests SET provider_id = provider_id + 1 WHERE seq = 5", "row 5 altered")]
    [InlineData("UPDATE requests SET warnings = warnings + 1 WHERE seq = 5", "row 5 altered")]
    [InlineData("UPDATE requests SET error_code_id = 1 WHERE seq = 5", "row 5 altered")]
    [InlineData("UPDATE requests SET metadata = '{}' WHERE seq = 5", "row 5 altered")]
    [InlineData("UPDATE requests SET provider_response_id = 'x' WHERE seq = 5", "row 5 altered")]
    [InlineData("UPDATE requests SET latency_ms = latency_ms + 1 WHERE seq = 5", "row 5 altered")]
    [InlineData("UPDATE requests SET chain = zeroblob(20) WHERE seq = 5", "row 5 altered", "row 6 altered")]
    [InlineData("DELETE FROM requests WHERE seq IN (5, 6)", "rows 5 to 6 missing", "row 7 altered")]
    [InlineData("UPDATE requests SET disposition = 1 WHERE seq = 5", "row 5 counted wrongly")]
    [InlineData("UPDATE requests SET disposition = 0 WHERE seq = 7", "row 7 counted wrongly")]
    [InlineData("UPDATE corrections SET reason = 'another' WHERE id = 1", "row 1 correction altered")]
    [InlineData("UPDATE corrections SET chain = 'no hash' WHERE id = 1", "the corrections cannot be read")]
    [InlineData("INSERT OR REPLACE INTO ledger_start (id, seq, chain, cost_nano, received_ticks) VALUES (1, 3, 'none', 0, 0)", "the ledger's start cannot be read", "row 1 unreadable")]
    [InlineData("DROP TABLE corrections", "the corrections cannot be read")]
    public async Task Ledger_EditedByHand_NamesTheRow(string edit, params string[] faults)
    {
        TestSql.Run(_folder.Path, edit);

        (await FaultsAsync()).Should().Equal(faults);
    }

    [Fact]
    public async Task Ledger_ThatLostItsNewestRows_SaysSoAtStartAndInTheAuditLog()
    {
        TestSql.Run(_folder.Path, "DELETE FROM requests WHERE seq > 27");

        await using var opsmeter = new TestOpsmeter(_folder.Path);
        using var client = await opsmeter.ClientAsync();
        await UntilAsync(async () => (await client.ReadAsync("/v1/audit"))["items"].EnumerateArray().Any(item => item.GetProperty("action").GetString() == "ledger.fault"));

        opsmeter.Services.GetRequiredService<LedgerHealth>().Missing!.ToString().Should().Be("rows 28 to 30 missing");
        (await client.ReadAsync("/v1/audit"))["items"].EnumerateArray()
            .Should().Contain(item => item.GetProperty("action").GetString() == "ledger.fault" && item.GetProperty("target").GetString() == "rows 28 to 30 missing");
    }

    // Every flip that changes what is read of a row is told, by the check or because the file cannot be opened.
    [Fact]
    public async Task Bytes_FlippedAnywhere_AreToldWhereARowChanged()
    {
        TestSql.Run(_folder.Path, "PRAGMA wal_checkpoint(TRUNCATE)");
        SqliteConnection.ClearAllPools();
        var whole = await File.ReadAllBytesAsync(Database);
        var rows = ReadRows(Database);
        var random = new Random(20261130);
        var (changed, silent) = (0, new List<string>());
        for (var trial = 0; trial < Trials; trial++)
        {
            var (at, bit) = (random.Next(100, whole.Length), 1 << random.Next(8));
            var bytes = whole.ToArray();
            bytes[at] ^= (byte)bit;
            await File.WriteAllBytesAsync(Database, bytes);
            if (ReadRows(Database) == rows)
            {
                continue;
            }

            changed++;
            if (!await IsToldAsync())
            {
                silent.Add($"byte {at}, bit {bit}");
            }
        }

        silent.Should().BeEmpty();
        changed.Should().BeGreaterThan(Trials / 50, "some of the flips have to hit a row");
    }

    // OPSMETER_FLIPS asks for more.
    private static int Trials =>
        int.TryParse(Environment.GetEnvironmentVariable("OPSMETER_FLIPS"), CultureInfo.InvariantCulture, out var trials) ? trials : 400;

    private static string ReadRows(string database)
    {
        try
        {
            using var connection = new SqliteConnection($"Data Source={database};Pooling=False;Mode=ReadOnly");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT * FROM requests NOT INDEXED ORDER BY seq";
            using var reader = command.ExecuteReader();
            var text = new System.Text.StringBuilder();
            while (reader.Read())
            {
                for (var column = 0; column < reader.FieldCount; column++)
                {
                    text.Append(reader[column] is byte[] bytes ? Convert.ToHexString(bytes) : reader[column]).Append('|');
                }

                text.Append('\n');
            }

            return text.ToString();
        }
        catch (SqliteException error)
        {
            return error.Message;
        }
    }

    private async Task<bool> IsToldAsync()
    {
        try
        {
            return (await FaultsAsync()).Count > 0;
        }
        catch (SqliteException)
        {
            return true;
        }
    }

    private async Task<List<string>> FaultsAsync()
    {
        var options = new StorageOptions { DataDirectory = _folder.Path, ConnectionString = $"Data Source={Database};Pooling=False" };
        return [.. (await new LedgerCheck(options, TimeProvider.System).CheckAllAsync()).Faults.Select(fault => fault.ToString())];
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var tries = 0; tries < 500; tries++)
        {
            if (await isSo())
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        Assert.Fail("It never came to be.");
    }
}
