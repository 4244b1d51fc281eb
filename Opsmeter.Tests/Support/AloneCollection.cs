using Xunit;

namespace Opsmeter.Tests.Support;

/// <summary>Tests of what people wait for, which run while no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
