using Xunit;

namespace Opsmeter.Tests.Support;

/// <summary>The tests that share the demo.</summary>
[CollectionDefinition(Name)]
public sealed class DemoCollection : ICollectionFixture<DemoOpsmeter>
{
    public const string Name = "demo";
}
