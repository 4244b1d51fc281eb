using System.Globalization;
using AwesomeAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Storage;
using Xunit;
using Log = Opsmeter.Web.Storage.Checkpoints;

namespace Opsmeter.Tests.Web.Storage;

/// <summary>The write-ahead log is brought into the database beside the writer.</summary>
public sealed class CheckpointsTests
{
    private const int Rows = 400;
    private const int Changes = 10;

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

        Checkpoints(opsmeter).Look(TestContext.Current.CancellationToken).Should().BeTrue();

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

        Checkpoints(opsmeter).Look(TestContext.Current.CancellationToken);

        Count(reader).Should().Be(Rows, "it reads what was there when it began");
        transaction.Commit();
        Count(reader).Should().Be(2 * Rows);
    }

    [Fact]
    public async Task LogFile_ThatAReaderMadeLarge_IsGivenBack()
    {
        await using var opsmeter = new TestOpsmeter(now: PolicyOpsmeter.Now);
        using var client = await opsmeter.ClientAsync();
        using (var reader = Connection(opsmeter))
        using (var transaction = reader.BeginTransaction(deferred: true))
        {
            Count(reader).Should().Be(0);
            await FillLogAsync(opsmeter, Log.MostKeptBytes + (4L * 1024 * 1024));
            transaction.Commit();
        }

        Checkpoints(opsmeter).Look(TestContext.Current.CancellationToken).Should().BeTrue();
        await SendAsync(client, "a", rows: 1);

        LogBytes(opsmeter).Should().BeLessThanOrEqualTo(Log.MostKeptBytes);
    }

    [Fact]
    public async Task Log_BesideAWriterThatNeverRests_IsBegunAnew()
    {
        await using var opsmeter = new TestOpsmeter(now: PolicyOpsmeter.Now);
        using var client = await opsmeter.ClientAsync();
        using var done = new CancellationTokenSource();
        var busy = KeepBusyAsync(opsmeter, done.Token);
        await FillLogAsync(opsmeter, Log.MostKeptBytes + (4L * 1024 * 1024));

        Checkpoints(opsmeter).Look(TestContext.Current.CancellationToken).Should().BeTrue("the writer rests for it");

        Unmoved(opsmeter).Should().BeLessThan(1_000);
        await done.CancelAsync();
        await busy;
    }

    [Fact]
    public async Task Writer_WhoNeverRests_LetsOthersWriteBetweenTwoGroups()
    {
        await using var opsmeter = new TestOpsmeter(now: PolicyOpsmeter.Now);
        using var client = await opsmeter.ClientAsync();
        using var done = new CancellationTokenSource();
        var groups = 0;
        var busy = KeepBusyAsync(opsmeter, done.Token, () => Interlocked.Increment(ref groups));

        for (var change = 0; change < Changes; change++)
        {
            await using var db = await opsmeter.Services.GetRequiredService<IDbContextFactory<OpsmeterDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
            (await db.Workspaces.ExecuteUpdateAsync(update => update.SetProperty(row => row.Name, "Change " + change), TestContext.Current.CancellationToken)).Should().Be(1);
        }

        Volatile.Read(ref groups).Should().BeLessThan(Changes * 3, "each waits for the group that is written, and perhaps for the one after it");

        await done.CancelAsync();
        await busy;
    }

    /// <summary>Each group holds the lock for longer than a checkpoint looks for it, and the next one waits already.</summary>
    private static Task KeepBusyAsync(TestOpsmeter opsmeter, CancellationToken stop, Action? begun = null)
    {
        var writer = opsmeter.Services.GetRequiredService<LedgerWriter>();
        return Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(
            async () =>
            {
                using var never = new ManualResetEventSlim();
                while (!stop.IsCancellationRequested)
                {
                    await writer.TellAsync(1, (_, _) =>
                    {
                        begun?.Invoke();
                        return never.Wait(TimeSpan.FromMilliseconds(120), CancellationToken.None);
                    });
                }
            },
            CancellationToken.None)));
    }

    private static async Task FillLogAsync(TestOpsmeter opsmeter, long bytes)
    {
        const int AtOnce = 4 * 1024 * 1024;
        var writer = opsmeter.Services.GetRequiredService<LedgerWriter>();
        await writer.TellAsync(1, (db, _) => db.Database.ExecuteSqlRaw("CREATE TABLE filler (bytes BLOB NOT NULL)"));
        for (var written = 0L; written < bytes; written += AtOnce)
        {
            await writer.TellAsync(1, (db, _) => db.Database.ExecuteSql($"INSERT INTO filler VALUES (zeroblob({AtOnce}))"));
        }

        LogBytes(opsmeter).Should().BeGreaterThan(Log.MostKeptBytes);
    }

    private static long LogBytes(TestOpsmeter opsmeter) => new FileInfo(
        new SqliteConnectionStringBuilder(opsmeter.Services.GetRequiredService<StorageOptions>().EffectiveConnectionString).DataSource + "-wal").Length;

    private static async Task SendAsync(HttpClient client, string prefix, int rows = Rows)
    {
        // One after the other: each is a commit, which writes its pages anew.
        for (var number = 0; number < rows; number++)
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
