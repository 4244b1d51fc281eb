using System.Net;
using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Hosting;
using Xunit;

namespace Opsmeter.Tests.Web.Alerts;

public sealed class OutboundAddressTests
{
    [Theory]
    [InlineData("93.184.216.34", true)]
    [InlineData("2606:2800:220:1::1", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.255.255.255", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:93.184.216.34", true)]
    [InlineData("fe80::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:7f00:1::1", false)]
    [InlineData("2001:0:1::1", false)]
    [InlineData("ff02::1", false)]
    public void Address_IsAllowedWhereItIsPublic(string address, bool isAllowed) =>
        Of([]).IsAllowed(IPAddress.Parse(address)).Should().Be(isAllowed);

    [Fact]
    public void Address_ThatTheOperatorAllows_IsAllowed() =>
        Of([IPNetwork.Parse("10.1.0.0/16")]).IsAllowed(IPAddress.Parse("::ffff:10.1.2.3")).Should().BeTrue();

    [Fact]
    public async Task Host_WithOnePrivateAddressAmongOthers_IsRefused()
    {
        var addresses = new OutboundAddresses((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.216.34"), IPAddress.Parse("10.0.0.1")]), Options([]));

        await addresses.Invoking(each => each.FindAsync("two.example.com", CancellationToken.None)).Should().ThrowAsync<AddressRefusedException>();
    }

    [Fact]
    public async Task Host_ThatTurnsPrivateAfterItWasSaved_IsNotConnectedTo()
    {
        var lookups = 0;
        await using var sink = await MessageSink.StartAsync();
        await using var opsmeter = new TestOpsmeter(now: PolicyOpsmeter.Now);
        opsmeter.Doubles = services => services.AddSingleton<AddressLookup>(
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(lookups++ == 0 ? "93.184.216.34" : "127.0.0.1")]));
        using var client = await opsmeter.ClientAsync();
        var port = new Uri(sink.Url).Port;
        var channel = await client.ChannelAsync("Ops", "webhook", $"http://rebinding.example.com:{port}/ops");

        var answer = await client.PostAsync($"/v1/channels/{channel.GetProperty("id").GetString()}/test", "");

        answer["delivered"].GetBoolean().Should().BeFalse();
        answer["error"].GetString().Should().Contain("private address");
        lookups.Should().BeGreaterThan(1);
        sink.Received.Should().BeEmpty();
    }

    private static OutboundAddresses Of(IPNetwork[] allowed) => new((_, _) => throw new NotSupportedException("Nothing is looked up here."), Options(allowed));

    private static AlertOptions Options(IPNetwork[] allowed) => new() { Allowed = allowed };
}
