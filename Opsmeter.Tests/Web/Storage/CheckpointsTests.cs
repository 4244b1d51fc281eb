using System.Globalization;
using AwesomeAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
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
        // On a clock that stands still it looks once at the start, and then only where the test has it look.
        await using var opsmeter = new TestOpsmeter(now: PolicyOpsmeter.Now);
        using var client = await opsmeter.ClientAsync();
        using var reader = Connection(opsmeter);
        using (var transaction = reader.BeginTransaction(deferred: true))
        {
            Count(reader).Should().Be(0);
            await SendAsync(client, "a");
            Unmoved(opsmeter).Should().BeGreaterThan(1_000, "nobody moves what came after a reader began");
            transaction.Commit();
        }

        await SendAsync(client, "b");
        Unmoved(opsmeter).Should().BeGreaterThan(2_000, "the writer leaves it to the checkpoints");

        Checkpoints(opsmeter).Look().Should().BeTrue();

        Unmoved(opsmeter).Should().Be(0);
    }

    [Fact]
    public async Task Reader_WhoReadsForLong_IsNotDisturbed_AndNothingIsLost()
    {
        await using var opsmeter = new TestOpsmeter(now: PolicyOpsmeter.Now);
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

    /// <summary>The pages in the log that are not in the database yet.</summary>
    private static long Unmoved(TestOpsmeter opsmeter)
    {
        using var connection = Connection(opsmeter);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(NOOP)";
        using var reader = command.ExecuteReader();
        reader.Read();
        return reader.GetInt64(1) - reader.GetInt64(2);
    }
}
