using AwesomeAssertions;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Storage;

public sealed class SqliteVersionTests
{
    [Theory]
    [InlineData("3.51.3")]
    [InlineData("3.53.3")]
    [InlineData("4.0.0")]
    public void Sqlite_NewEnough_IsTaken(string version) =>
        FluentActions.Invoking(() => Store.RequireSqlite(version)).Should().NotThrow();

    [Theory]
    [InlineData("3.51.2")]
    [InlineData("3.7.0")]
    [InlineData("3.40.1")]
    [InlineData("new")]
    [InlineData(null)]
    public void Sqlite_ThatCanCorruptWithTwoConnections_IsRefusedAtStart(string? version) =>
        FluentActions.Invoking(() => Store.RequireSqlite(version)).Should().Throw<StoreException>().WithMessage("*3.51.3*");
}
