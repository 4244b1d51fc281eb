using Xunit;

namespace Opsmeter.Tests.Browser.Payloads;

/// <summary>The tests that share the workspace of payloads.</summary>
[CollectionDefinition(Name)]
public sealed class PayloadCollection : ICollectionFixture<PayloadFixture>
{
    public const string Name = "payloads";
}
