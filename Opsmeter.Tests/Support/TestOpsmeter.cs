using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Storage;

namespace Opsmeter.Tests.Support;

/// <summary>
/// The whole product in this process, on a database of its own in a folder of its own. Opening another on the same folder
/// after disposing the first is a restart.
/// </summary>
public sealed class TestOpsmeter : WebApplicationFactory<Program>
{
    private readonly bool _ownsFolder;

    /// <summary>Starts on a new folder, or on the one given.</summary>
    /// <param name="folder">The data folder, or null for a new one that is deleted at the end.</param>
    /// <param name="now">Where the clock stands still, or null for the real clock.</param>
    public TestOpsmeter(string? folder = null, DateTimeOffset? now = null)
    {
        _ownsFolder = folder is null;
        Folder = folder ?? Directory.CreateTempSubdirectory("opsmeter-").FullName;
        if (_ownsFolder)
        {
            EmptyDatabase.PutInto(Folder);
        }

        Clock = now is { } start ? new TestClock(start) : null;
    }

    /// <summary>Where the data is.</summary>
    public string Folder { get; }

    /// <summary>The clock, when it stands still until told otherwise.</summary>
    public TestClock? Clock { get; }

    /// <summary>Further configuration, read at start; <c>Setup:AdminEmail</c> and such.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>What stands in for something of the product.</summary>
    public Action<IServiceCollection> Doubles { get; set; } = _ => { };

    /// <summary>A client with a new key.</summary>
    public async Task<HttpClient> ClientAsync(
        KeyScopes scopes = KeyScopes.All, DeploymentEnvironment? environment = null)
    {
        var client = CreateClient();
        var (_, key) = await Services.GetRequiredService<ApiKeys>()
            .CreateAsync(Store.WorkspaceId, "test", scopes, environment, null, "test");
        client.DefaultRequestHeaders.Add("X-API-Key", key);
        return client;
    }

    /// <summary>Adds a member, who may own budgets; there is no password to sign in with.</summary>
    public async Task AddMemberAsync(string email, Role role = Role.PolicyOwner)
    {
        await using var db = await Services.GetRequiredService<IDbContextFactory<OpsmeterDb>>().CreateDbContextAsync();
        var member = new MemberRow
        {
            UserName = email, NormalizedUserName = email.ToUpperInvariant(), Email = email, NormalizedEmail = email.ToUpperInvariant(),
        };
        db.Users.Add(member);
        db.Memberships.Add(new MembershipRow { WorkspaceId = Store.WorkspaceId, MemberId = member.Id, Role = role.ToString() });
        await db.SaveChangesAsync();
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_ownsFolder)
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <inheritdoc />
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Storage:DataDirectory", Folder);

        // A clock that leaps over months would make one for each of their days.
        builder.UseSetting("Backup:DailyAt", "");
        foreach (var (name, value) in Settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureTestServices(services =>
        {
            if (Clock is not null)
            {
                services.AddSingleton<TimeProvider>(Clock);

                // It reads the store every five seconds of a clock that leaps over days; tests of seals ask for them.
                services.Remove(services.Single(service => service.ImplementationType == typeof(AuditSealer)));
            }

            Doubles(services);
        });
    }
}
