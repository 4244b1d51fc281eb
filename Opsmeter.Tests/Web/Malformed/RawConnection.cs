using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Opsmeter.Tests.Web.Malformed;

/// <summary>A connection below HTTP.</summary>
internal static class RawConnection
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Sends bytes and reads what comes until the server closes.</summary>
    /// <param name="address">The server.</param>
    /// <param name="bytes">What to send.</param>
    /// <param name="ends">True to say that nothing more comes once the server has been quiet for 300 ms: it may wait for the rest of a body.</param>
    /// <returns>The first answer's status, or 0 where the server closed without one, and how many answers came.</returns>
    /// <exception cref="TimeoutException">The server neither answered nor closed within five seconds.</exception>
    public static async Task<(int Status, int Answers)> SendAsync(Uri address, byte[] bytes, bool ends)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        var text = new StringBuilder();
        try
        {
            await stream.WriteAsync(bytes);
            var buffer = new byte[16 * 1024];
            while (true)
            {
                var reading = stream.ReadAsync(buffer).AsTask();
                if (ends && await Task.WhenAny(reading, Task.Delay(Quiet, TimeProvider.System)) != reading)
                {
                    client.Client.Shutdown(SocketShutdown.Send);
                    ends = false;
                }

                var read = await reading.WaitAsync(Patience, TimeProvider.System);
                if (read == 0)
                {
                    break;
                }

                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (Exception reset) when (reset is IOException or SocketException)
        {
            // Closed before all was read; what came first counts.
        }

        var answers = text.ToString().Split("HTTP/1.1 ")[1..];
        return (answers.Length == 0 ? 0 : int.Parse(answers[0][..3], CultureInfo.InvariantCulture), answers.Length);
    }
}
