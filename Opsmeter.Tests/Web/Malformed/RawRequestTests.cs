using System.Text;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Malformed;

/// <summary>Envelopes that two readers may read differently: refused, and nothing that follows on the connection is answered.</summary>
public sealed class RawRequestTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private OpsmeterProcess _opsmeter = null!;

    public async ValueTask InitializeAsync() => _opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);

    public async ValueTask DisposeAsync()
    {
        await _opsmeter.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Envelope_WithTwoReadings_IsRefusedAndTheConnectionClosed()
    {
        var wrong = new StringBuilder();
        foreach (var (name, text, status) in RawRequests.All)
        {
            try
            {
                // A second request behind it is what a smuggler would send.
                var answer = await RawConnection.SendAsync(_opsmeter.Address, RawRequests.Bytes(text + RawRequests.Good, OpsmeterProcess.ApiKey), ends: false);
                if (answer != (status, 1))
                {
                    wrong.Append(System.Globalization.CultureInfo.InvariantCulture, $"{name}: {answer.Status} and {answer.Answers} answers, not {status}\n");
                }
            }
            catch (TimeoutException)
            {
                wrong.Append(System.Globalization.CultureInfo.InvariantCulture, $"{name}: the connection stays open\n");
            }
        }

        wrong.ToString().Should().BeEmpty();
        _opsmeter.Log.Should().NotContain("unexpectedly");
    }

    [Fact]
    public async Task Envelope_ThatIsClear_IsAnsweredAndItsConnectionKept() =>
        (await RawConnection.SendAsync(_opsmeter.Address, RawRequests.Bytes(RawRequests.Good + RawRequests.Last, OpsmeterProcess.ApiKey), ends: false)).Should().Be((200, 2));
}
