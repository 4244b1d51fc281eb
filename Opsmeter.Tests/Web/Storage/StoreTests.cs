using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Storage;

/// <summary>A data folder that cannot be used is refused in a sentence, and left as it is.</summary>
public sealed class StoreTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    private string Database => Path.Combine(Data, StorageOptions.DatabaseFile);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_OnWhatANewerVersionWrote_IsRefused()
    {
        await MakeAsync();
        TestSql.Run(Data, """INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") VALUES ('29990101000000_Later', '99.0.0')""");

        await RefusedAsync("was written by a newer Opsmeter (it has the change \"29990101000000_Later\")");
    }

    [Fact]
    public async Task Start_WhereTheDatabaseIsGoneOrEmpty_IsRefusedAndNoneIsMade()
    {
        await MakeAsync();
        File.Delete(Database);
        await RefusedAsync("is gone. Restore it from a backup");
        File.Exists(Database).Should().BeFalse();

        await File.WriteAllBytesAsync(Database, []);
        await RefusedAsync("is empty: zero bytes");
    }

    [Fact]
    public async Task Start_OnAnotherProgramsDatabase_IsRefusedAndItIsUnchanged()
    {
        Directory.CreateDirectory(Data);
        TestSql.RunOn(Database, "CREATE TABLE songs (id INTEGER)");
        var before = await File.ReadAllBytesAsync(Database);

        await RefusedAsync("is another program's database");
        (await File.ReadAllBytesAsync(Database)).Should().Equal(before);
    }

    [Fact]
    public async Task Start_OnADamagedDatabase_IsRefusedAndSaysWhatToDo()
    {
        await MakeAsync();
        TestSql.Run(Data, "INSERT OR REPLACE INTO ledger_start (id, seq, chain, cost_nano, received_ticks) VALUES (1, 3, 'none', 0, 0)");
        await RefusedAsync("is damaged");

        await using (var file = File.OpenWrite(Database))
        {
            file.Position = 100;
            await file.WriteAsync(Enumerable.Repeat<byte>(0xff, 300).ToArray());
        }

        await RefusedAsync("--restore FILE");
        await File.WriteAllTextAsync(Database, "no database at all, though as long as its header would have to be, and a little more than that");
        await RefusedAsync("--restore FILE");
    }

    [Fact]
    public async Task Start_BesideAnother_IsRefused()
    {
        await using var first = await OpsmeterProcess.StartAsync(_folder.Path);

        await RefusedAsync("is in use by another Opsmeter");
        using var client = first.Client();
        (await client.GetAsync("/health/ready")).IsSuccessStatusCode.Should().BeTrue();
    }

    private async Task MakeAsync()
    {
        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);
        await opsmeter.StopAsync();
    }

    private async Task RefusedAsync(string sentence)
    {
        var (code, said) = await OpsmeterProcess.RunAsync(_folder.Path, "--urls", "http://127.0.0.1:0");
        code.Should().NotBe(0);
        said.Should().Contain("Opsmeter cannot start.").And.Contain(sentence);
        said.Should().NotContain("   at ", because: "a stack is nothing for who starts it");
    }
}
