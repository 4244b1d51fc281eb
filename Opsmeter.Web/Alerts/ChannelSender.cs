using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Alerts;

/// <summary>Sends one message to one receiver, once.</summary>
public sealed class ChannelSender(IHttpClientFactory clients, MailSender mail, TimeProvider time)
{
    /// <summary>The name of the HTTP client, which connects to checked addresses and follows no redirect.</summary>
    public const string ClientName = "channels";

    /// <summary>The longest that a receiver is waited for.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>Sends it.</summary>
    /// <returns>What came of it; nothing is thrown but for a stop.</returns>
    public async Task<DeliveryResult> SendAsync(DeliveryTarget target, string messageId, AlertMessage message, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(LongestWait);
        try
        {
            return target.Channel.Kind == ChannelKind.Email
                ? await mail.SendAsync(target, messageId, message, limit.Token)
                : await PostAsync(target, messageId, message, limit.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return new DeliveryResult(null, $"It did not answer within {LongestWait.TotalSeconds:0} seconds.");
        }
        catch (Exception error) when (Refusal(error) is { } refused)
        {
            return new DeliveryResult(null, refused.Message, IsFinal: refused.IsPrivate);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or SocketException)
        {
            return new DeliveryResult(null, "It could not be reached: " + AlertWriting.Cut((error.InnerException ?? error).Message, 200));
        }
    }

    private async Task<DeliveryResult> PostAsync(DeliveryTarget target, string messageId, AlertMessage message, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Channel.Url);
        var body = Encoding.UTF8.GetBytes(BodyOf(target, message).ToJsonString(DocumentJson.Options));
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Opsmeter", "1"));
        if (target.Channel.Kind == ChannelKind.Webhook)
        {
            var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
            request.Headers.Add("webhook-id", messageId);
            request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("webhook-signature", WebhookSigning.Sign(target.Secrets, messageId, timestamp, body));
        }

        // What the receiver answers beyond its status is not read.
        using var response = await clients.CreateClient(ClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        var status = (int)response.StatusCode;
        return response.IsSuccessStatusCode ? new DeliveryResult(status)
            : response.StatusCode == HttpStatusCode.Gone ? new DeliveryResult(status, "It answered 410: it is gone.", IsFinal: true)
            : status is >= 300 and < 400 ? new DeliveryResult(status, $"It answered {status}: redirects are not followed. Write the address that it redirects to.")
            : new DeliveryResult(status, $"It answered {status}.", RetryAfter: PauseOf(response.Headers.RetryAfter));
    }

    private static JsonObject BodyOf(DeliveryTarget target, AlertMessage message) => target.Channel.Kind switch
    {
        ChannelKind.Webhook => MessageBodies.Webhook(message),
        ChannelKind.Slack => MessageBodies.Slack(message),
        ChannelKind.Teams => MessageBodies.Teams(message),
        ChannelKind.Discord => MessageBodies.Discord(message),
        ChannelKind.Pagerduty => MessageBodies.Pagerduty(message, target.Secrets.Count > 0 ? target.Secrets[0] : ""),
        ChannelKind.Email => throw new InvalidOperationException("Mail is not posted."),
    };

    private TimeSpan? PauseOf(RetryConditionHeaderValue? asked)
    {
        var pause = asked?.Delta ?? (asked?.Date is { } date ? date - time.GetUtcNow() : null);
        return pause > LongestPause ? LongestPause : pause > TimeSpan.Zero ? pause : null;
    }

    private static AddressRefusedException? Refusal(Exception? error) =>
        error is null ? null : error as AddressRefusedException ?? Refusal(error.InnerException);
}
