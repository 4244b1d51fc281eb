using System.Net;
using System.Net.Sockets;
using AwesomeAssertions;
using Opsmeter.Web.Hosting;
using Xunit;

namespace Opsmeter.Tests.Web.Hosting;

public sealed class EarlySocketsTests
{
    private readonly IPEndPoint _address = Free();

    [Fact]
    public async Task Sender_WhoConnectsBeforeTheServer_IsAcceptedByIt()
    {
        using var early = new EarlySockets();
        early.Take($"http://{_address}");
        using var sender = new TcpClient();
        await sender.ConnectAsync(_address);

        using var server = early.For(_address);
        server.Listen();
        using var accepted = await server.AcceptAsync();

        ((IPEndPoint)accepted.RemoteEndPoint!).Port.Should().Be(((IPEndPoint)sender.Client.LocalEndPoint!).Port);
    }

    [Fact]
    public async Task Address_ThatTheServerDoesNotComeFor_IsGivenBack()
    {
        var early = new EarlySockets();
        early.Take($"http://{_address}");

        early.Dispose();

        using var sender = new TcpClient();
        var connect = () => sender.ConnectAsync(_address);
        (await connect.Should().ThrowAsync<SocketException>()).Which.SocketErrorCode.Should().Be(SocketError.ConnectionRefused);
    }

    [Fact]
    public void Address_ThatAnotherHas_IsLeftToTheServerToReport()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(_address);
        other.Listen();
        using var early = new EarlySockets();

        early.Take($"nonsense; http://{_address}; http://127.0.0.1:0; http://unix:/tmp/none.sock");

        var take = () => early.For(_address);
        take.Should().Throw<SocketException>().Which.SocketErrorCode.Should().Be(SocketError.AddressAlreadyInUse);
    }

    private static IPEndPoint Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
