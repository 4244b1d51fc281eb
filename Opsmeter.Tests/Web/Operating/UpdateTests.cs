using System.Text.RegularExpressions;
using AwesomeAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Operating;

/// <summary>A database of an earlier version is backed up and brought up to date, or left as it was; a kill in between harms neither.</summary>
public sealed partial class UpdateTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    private string Backups => Path.Combine(Data, "backups");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_OnAnEarlierVersion_BacksItUpFirst()
    {
        var earlier = Earlier();

        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);
        IsUpToDate().Should().BeTrue();

        var backup = Directory.GetFiles(Backups).Should().ContainSingle().Subject;
        opsmeter.Log.Should().Contain(backup);
        Newest(backup).Should().Be(earlier);
        TestSql.RunOn(backup, "SELECT name FROM workspaces").Should().Be("Before");
    }

    [Fact]
    public async Task Start_OnAnEarlierVersion_WithoutABackup_ChangesNothing()
    {
        var earlier = Earlier();
        await File.WriteAllTextAsync(Backups, "a file where the folder should be");

        var (code, said) = await OpsmeterProcess.RunAsync(_folder.Path, "--urls", "http://127.0.0.1:0");

        code.Should().NotBe(0);
        said.Should().Contain("Opsmeter cannot start.").And.Contain("Backup__BeforeUpdate=false").And.NotContain("   at ");
        Newest(Path.Combine(Data, StorageOptions.DatabaseFile)).Should().Be(earlier);
    }

    [Fact]
    public async Task Start_WithNothingToUpdate_MakesNoBackup()
    {
        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);
        Directory.Exists(Backups).Should().BeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(500)]
    [InlineData(900)]
    public async Task Kill_WhileItIsBroughtUpToDate_IsMadeGoodByTheNextStart(int afterMs)
    {
        var earlier = Earlier();
        await OpsmeterProcess.KillWhileStartingAsync(_folder.Path, BackedUp(), TimeSpan.FromMilliseconds(afterMs));

        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);

        IsUpToDate().Should().BeTrue();
        TestSql.Run(Data, "SELECT name FROM workspaces").Should().Be("Before");
        TestSql.Run(Data, "PRAGMA integrity_check").Should().Be("ok");
        Newest(Path.Combine(Backups, $"before-update-{earlier}.db")).Should().Be(earlier, "the way back is still there");
        using var client = opsmeter.Client();
        (await client.PostAsync("/v1/ingest/llm-request", RowText.Of("req_1"))).Status.Should().Be(200);
    }

    // The first version's schema, with a workspace in it.
    private string Earlier()
    {
        Directory.CreateDirectory(Data);
        using var db = Open();
        var first = db.Database.GetMigrations().First();
        db.Database.OpenConnection();
        db.Database.ExecuteSqlRaw($"PRAGMA application_id = {Store.ApplicationId}");
        db.GetService<IMigrator>().Migrate(first);
        db.Database.ExecuteSqlRaw("""INSERT INTO workspaces (id, name, settings, version, created_ticks) VALUES (1, 'Before', '{{}}', 1, 0)""");
        return first;
    }

    private bool IsUpToDate()
    {
        using var db = Open();
        return !db.Database.GetPendingMigrations().Any();
    }

    private OpsmeterDb Open() => new(new DbContextOptionsBuilder<OpsmeterDb>().UseSqlite(new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(Data, StorageOptions.DatabaseFile), Pooling = false,
    }.ToString()).Options);

    private static string? Newest(string file) => TestSql.RunOn(file, """SELECT MAX("MigrationId") FROM "__EFMigrationsHistory" """);

    [GeneratedRegex("was backed up to")]
    private static partial Regex BackedUp();
}
