using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Alerts;

/// <summary>Sends messages as mail, in plain text and HTML.</summary>
public sealed class MailSender(AlertOptions options, OutboundAddresses addresses)
{
    /// <summary>What is said where mail cannot go because no server is known.</summary>
    public const string NoServer = "No mail server is set: the operator sets Alerts__MailServer.";

    /// <summary>Sends it.</summary>
    /// <exception cref="IOException">The server could not be reached, or its address is refused.</exception>
    public async Task<DeliveryResult> SendAsync(DeliveryTarget target, string messageId, AlertMessage message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(message);
        if (!MailRoute.TryParse(target.Channel.Url, out var receivers) || (receivers.Server is null ? options.Mail : receivers) is not { Server: not null } route)
        {
            return new DeliveryResult(null, NoServer, IsFinal: true);
        }

        using var mail = Write(route.From!, receivers.To, messageId, message);
        return await SendAsync(mail, route, route.Password ?? (target.Secrets.Count > 0 ? target.Secrets[0] : null), isOperators: receivers.Server is null, cancellation);
    }

    /// <summary>Sends a plain text by the operator's server.</summary>
    /// <returns>What went wrong, or null.</returns>
    /// <exception cref="IOException">The server could not be reached.</exception>
    public async Task<string?> SendAsync(string to, string subject, string text, CancellationToken cancellation)
    {
        if (options.Mail is not { Server: not null, From: { } from } route)
        {
            return NoServer;
        }

        using var mail = new MimeMessage { Subject = subject, Body = new TextPart("plain") { Text = text } };
        mail.From.Add(new MailboxAddress("Opsmeter", MailboxAddress.Parse(from).Address));
        mail.To.Add(MailboxAddress.Parse(to));
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return (await SendAsync(mail, route, route.Password, isOperators: true, cancellation)).Error;
    }

    private async Task<DeliveryResult> SendAsync(MimeMessage mail, MailRoute route, string? password, bool isOperators, CancellationToken cancellation)
    {
        var server = route.Server!;
        try
        {
            // The operator's own server may well be on a private network; one that a member wrote is checked.
            await using var stream = isOperators
                ? await PlainAsync(server, route.Port, cancellation)
                : await addresses.ConnectAsync(new System.Net.DnsEndPoint(server, route.Port), cancellation);
            using var client = new SmtpClient();
            await client.ConnectAsync(stream, server, route.Port, route.IsTls ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable, cancellation);
            if (route.User is { } user && password is not null)
            {
                await client.AuthenticateAsync(user, password, cancellation);
            }

            await client.SendAsync(mail, cancellation);
            await client.DisconnectAsync(quit: true, cancellation);
            return new DeliveryResult((int)SmtpStatusCode.Ok);
        }
        catch (SmtpCommandException refused)
        {
            return new DeliveryResult((int)refused.StatusCode, $"The mail server answered {(int)refused.StatusCode}: {AlertWriting.Cut(refused.Message, 200)}");
        }
        catch (Exception error) when (error is ProtocolException or AuthenticationException or SslHandshakeException or ServiceNotConnectedException)
        {
            return new DeliveryResult(null, "The mail server refused the connection: " + AlertWriting.Cut(error.Message, 200));
        }
    }

    private static async Task<Stream> PlainAsync(string server, int port, CancellationToken cancellation)
    {
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(server, port, cancellation);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static MimeMessage Write(string from, IReadOnlyList<string> to, string messageId, AlertMessage message)
    {
        var sender = MailboxAddress.Parse(from);
        var mail = new MimeMessage
        {
            Subject = message.Title.ReplaceLineEndings(" "),
            Date = message.At,
            MessageId = $"{messageId}@{sender.Domain}",
            Body = new BodyBuilder { TextBody = MessageBodies.Text(message), HtmlBody = MessageBodies.Html(message) }.ToMessageBody(),
        };
        sender.Name = "Opsmeter";
        mail.From.Add(sender);
        mail.To.AddRange(to.Select(address => MailboxAddress.Parse(address)));

        // Readers put what is of one window under one heading, and no absence notes come back.
        mail.References.Add($"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(message.DedupKey)))[..24]}@{sender.Domain}");
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return mail;
    }
}
