using System.Reflection;
using System.Xml.Linq;
using AwesomeAssertions;
using Opsmeter.Core;
using Xunit;

namespace Opsmeter.Tests.Conventions;

public sealed class CoreAssemblyTests
{
    private static readonly Assembly Core = typeof(Usd).Assembly;

    [Fact]
    public void Core_References_AreTheRuntimeAlone() => Foreign(Core).Should().BeEmpty();

    [Fact]
    public void Core_Project_ReferencesNoPackageFrameworkOrProject() =>
        References(XDocument.Load(Path.Combine(SourceFile.Root.FullName, "Opsmeter.Core", "Opsmeter.Core.csproj"))).Should().BeEmpty();

    [Fact]
    public void Core_PublicTypes_AreSealedAbstractStaticOrValues() =>
        Open(Core.GetTypes().Where(type => type.IsVisible)).Should().BeEmpty();

    [Fact]
    public void Checks_SeededViolations_AreFound()
    {
        Foreign(typeof(CoreAssemblyTests).Assembly).Should().Contain("Opsmeter.Core").And.Contain("CsCheck");
        References(XDocument.Parse("<Project><ItemGroup><PackageReference Include='Serilog' /></ItemGroup></Project>"))
            .Should().Equal("Serilog");
        References(XDocument.Parse("<Project><ItemGroup><FrameworkReference Include='Microsoft.AspNetCore.App' /></ItemGroup></Project>"))
            .Should().Equal("Microsoft.AspNetCore.App");
        Open([typeof(List<int>), typeof(Usd), typeof(PricedRow), typeof(DayOfWeek), typeof(Path), typeof(IDisposable)])
            .Should().Equal(typeof(List<int>));
    }

    private static IEnumerable<string> Foreign(Assembly assembly) => assembly.GetReferencedAssemblies()
        .Select(reference => reference.Name!)
        .Where(name => name != "System" && !name.StartsWith("System.", StringComparison.Ordinal));

    private static IEnumerable<string> References(XDocument project) => project.Descendants()
        .Where(element => element.Name.LocalName is "PackageReference" or "FrameworkReference" or "ProjectReference" or "Reference")
        .Select(element => element.Attribute("Include")?.Value ?? "");

    private static IEnumerable<Type> Open(IEnumerable<Type> types) =>
        types.Where(type => !type.IsSealed && !type.IsAbstract && !type.IsValueType);
}
