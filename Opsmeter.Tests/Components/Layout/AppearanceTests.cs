using AwesomeAssertions;
using Opsmeter.Web.Components.Layout;
using Xunit;

namespace Opsmeter.Tests.Components.Layout;

public sealed class AppearanceTests
{
    [Theory]
    [InlineData("dark", ThemeChoice.Dark, true)]
    [InlineData("light", ThemeChoice.Light, false)]
    [InlineData("system.dark", ThemeChoice.System, true)]
    [InlineData("system.light", ThemeChoice.System, false)]
    [InlineData("\"><script>", ThemeChoice.System, true)]
    [InlineData(null, ThemeChoice.System, true)]
    public void Read_Cookie_GivesChoiceAndLook(string? cookie, ThemeChoice choice, bool dark) =>
        Appearance.Read(cookie).Should().Be(new Appearance(choice, dark));
}
