using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Hosting;
using Xunit;

namespace Opsmeter.Tests.Web.Hosting;

public sealed class AppSettingsTests
{
    [Fact]
    public void Options_OfAPublishedApp_FindThePagesFilesBesideItFromAnyFolder()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "wwwroot"));

        AppSettings.Options([], folder.Path).WebRootPath.Should().Be(Path.Combine(folder.Path, "wwwroot"));
    }

    [Fact]
    public void Options_OfABuiltApp_LeaveThePagesFilesToTheBuild()
    {
        using var folder = new TestFolder();

        AppSettings.Options(["--urls", "http://localhost:1"], folder.Path).Should().BeEquivalentTo(new { WebRootPath = (string?)null, Args = new[] { "--urls", "http://localhost:1" } });
    }
}
