using System.Globalization;
using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Operating;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Operating;

/// <summary>Backups made while rows arrive, and what a restore of them gives.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Backups => Path.Combine(_folder.Path, "data", "backups");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Backup_UnderLoad_RestoresToALedgerThatBalancesAndTakesTheRestAgain()
    {
        var sent = 0;
        string name;
        await using (var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path))
        {
            using var client = opsmeter.Client();
            using var stop = new CancellationTokenSource();
            var sending = Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await SendAsync(client, sent);
                    sent++;
                }
            });
            await UntilAsync(() => sent > 100);
            var made = await client.PostAsync("/v1/backups", "");
            made.Status.Should().Be(201, made.Text);
            name = made["name"].GetString()!;
            var before = sent;
            await UntilAsync(() => sent > before + 50);
            await stop.CancelAsync();
            await sending;
            (await client.ReadAsync("/v1/backups"))["items"].EnumerateArray().Single().GetProperty("name").GetString().Should().Be(name);
            await opsmeter.StopAsync();
        }

        var (code, said) = await RunAsync("--restore", Path.Combine(Backups, name));
        code.Should().Be(0, said);

        await using var restored = await OpsmeterProcess.StartAsync(_folder.Path);
        using var again = restored.Client();
        var kept = await RequestsAsync(again);
        kept.Should().BeInRange(100, sent - 50);
        (await again.ReadAsync("/v1/audit/verify"))["isWhole"].GetBoolean().Should().BeTrue();
        for (var number = 0; number < sent; number++)
        {
            await SendAsync(again, number);
        }

        (await RequestsAsync(again)).Should().Be(sent, "what is repeated is counted once");
        Directory.GetDirectories(Path.Combine(_folder.Path, "data"), "before-restore-*").Should().ContainSingle();
        restored.Log.Should().NotContain("not as it was written");
    }

    [Fact]
    public async Task Restore_OfWhatIsNoWholeBackup_ChangesNothing()
    {
        await using (var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path))
        {
            using var client = opsmeter.Client();
            await SendAsync(client, 1);
            (await client.PostAsync("/v1/backups", "")).Status.Should().Be(201);
            (await RunAsync("--restore", Directory.GetFiles(Backups).Single())).Said.Should().Contain("in use by another Opsmeter");
            await opsmeter.StopAsync();
        }

        var backup = Directory.GetFiles(Backups).Single();
        var altered = Path.Combine(_folder.Path, "altered.db");
        File.Copy(backup, altered);
        TestSql.RunOn(altered, "UPDATE requests SET cost_nano = 1");
        var foreign = Path.Combine(_folder.Path, "foreign.db");
        TestSql.RunOn(foreign, "CREATE TABLE requests (seq INTEGER)");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "text.db"), new string('x', 5_000));
        var database = await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "data", StorageOptions.DatabaseFile));

        (await RunAsync("--restore", altered)).Should().Match<(int Code, string Said)>(ran => ran.Code == 1 && ran.Said.Contains("row 1 altered", StringComparison.Ordinal));
        (await RunAsync("--restore", foreign)).Should().Match<(int Code, string Said)>(ran => ran.Code == 1 && ran.Said.Contains("not a backup of Opsmeter", StringComparison.Ordinal));
        (await RunAsync("--restore", Path.Combine(_folder.Path, "text.db"))).Code.Should().Be(1);
        (await RunAsync("--restore")).Should().Match<(int Code, string Said)>(ran => ran.Code == 2 && ran.Said.Contains("Name the backup", StringComparison.Ordinal));
        (await RunAsync("--restore", Path.Combine(_folder.Path, "none.db"))).Said.Should().Contain("does not exist");
        (await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "data", StorageOptions.DatabaseFile))).Should().Equal(database);
    }

    [Fact]
    public async Task Backup_PastThoseThatAreKept_DeletesTheOldest()
    {
        await using var opsmeter = new TestOpsmeter(now: PolicyOpsmeter.Instant("2026-11-23T14:00:00Z")) { Settings = { ["Backup:Keep"] = "2" } };
        using var client = await opsmeter.ClientAsync();
        var backups = opsmeter.Services.GetRequiredService<Backups>();
        for (var count = 0; count < 4; count++)
        {
            opsmeter.Clock!.Advance(TimeSpan.FromMinutes(1));
            await backups.MakeAsync();
        }

        backups.List().Select(item => item.Name).Should().Equal("opsmeter-20261123T140400Z.db", "opsmeter-20261123T140300Z.db");
        Directory.GetFiles(backups.Folder).Should().HaveCount(2, because: "nothing half made is left");
    }

    [Fact]
    public async Task Backup_EachDay_IsMadeByItself()
    {
        await using var opsmeter = new TestOpsmeter(now: PolicyOpsmeter.Instant("2026-11-23T02:29:00Z")) { Settings = { ["Backup:DailyAt"] = "02:30" } };
        using var client = await opsmeter.ClientAsync();
        var backups = opsmeter.Services.GetRequiredService<Backups>();

        opsmeter.Clock!.Advance(TimeSpan.FromMinutes(1));

        await UntilAsync(() => backups.List().Count == 1);
        backups.List()[0].MadeAt.Should().Be(PolicyOpsmeter.Instant("2026-11-23T02:30:00Z"));
    }

    private static async Task SendAsync(HttpClient client, int number) => (await client.PostAsync(
        "/v1/ingest/llm-request", RowText.Of("req_" + number.ToString(CultureInfo.InvariantCulture), endpoint: "agents.plan", input: 1_000, output: 10, user: "user_1"))).Status.Should().Be(200);

    private static async Task<int> RequestsAsync(HttpClient client) =>
        (await client.ReadAsync("/v1/reports/spend?from=now-1d&to=now"))["totals"].GetProperty("requests").GetInt32();

    private Task<(int Code, string Said)> RunAsync(params string[] arguments) => OpsmeterProcess.RunAsync(_folder.Path, arguments);

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var tries = 0; tries < 1_000 && !isSo(); tries++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        isSo().Should().BeTrue();
    }
}
