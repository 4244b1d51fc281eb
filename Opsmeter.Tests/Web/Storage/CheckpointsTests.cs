using System.Globalization;
using AwesomeAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Storage;

/// <summary>The write-ahead log is brought into the database beside the writer.</summary>
public sealed class CheckpointsTests
{
    private const int Rows = 400;

    [Fact]
    public async Task Log_OfManyRows_IsBroughtIn_AndWithoutAReaderInItsWay_Whole()
    {
        await using var opsmeter = new TestOpsmeter();
        using var client = await opsmeter.ClientAsync();
        await SendAsync(client, "a");
        var (pages, moved) = Log(opsmeter);
        (pages - moved).Should().BeGreaterThan(1_000, "the writer leaves it to the checkpoints");

        Checkpoints(opsmeter).Look().Should().BeTrue();

        (pages, moved) = Log(opsmeter);
        moved.Should().Be(pages);
    }

    [Fact]
    public async Task Reader_WhoReadsForLong_IsNotDisturbed_AndNothingIsLost()
    {
        await using var opsmeter = new TestOpsmeter();
        using var client = await opsmeter.ClientAsync();
        await SendAsync(client, "a");
        using var reader = Connection(opsmeter);
        using var transaction = reader.BeginTransaction(deferred: true);
        Count(reader).Should().Be(Rows);
        await SendAsync(client, "b");

        Checkpoints(opsmeter).Look();

        Count(reader).Should().Be(Rows, "it reads what was there when it began");
        transaction.Commit();
        Count(reader).Should().Be(2 * Rows);
    }

    private static async Task SendAsync(HttpClient client, string prefix)
    {
        // One after the other: each is a commit, which writes its pages anew.
        for (var number = 0; number < Rows; number++)
        {
            (await client.PostAsync("/v1/ingest/llm-request", RowText.Of($"{prefix}{number}", endpoint: "agents.plan", input: 1_000, output: 10, user: "user_1"))).Status.Should().Be(200);
        }
    }

    private static Checkpoints Checkpoints(TestOpsmeter opsmeter) => opsmeter.Services.GetServices<IHostedService>().OfType<Checkpoints>().Single();

    private static SqliteConnection Connection(TestOpsmeter opsmeter)
    {
        var connection = new SqliteConnection(opsmeter.Services.GetRequiredService<StorageOptions>().EffectiveConnectionString);
        connection.Open();
        return connection;
    }

    private static long Count(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM requests";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static (long Pages, long Moved) Log(TestOpsmeter opsmeter)
    {
        using var connection = Connection(opsmeter);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(NOOP)";
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(1), reader.GetInt64(2));
    }
}
