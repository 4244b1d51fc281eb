using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Opsmeter.Tests.Support;

/// <summary>A receiver of messages on the loopback: keeps what comes, and answers as it is told.</summary>
public sealed class MessageSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedMessage> _received = new();
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _answers = new(StringComparer.Ordinal);

    private MessageSink(WebApplication app)
    {
        _app = app;
        app.Run(TakeAsync);
    }

    /// <summary>What came, in order.</summary>
    public IReadOnlyList<ReceivedMessage> Received => [.. _received];

    /// <summary>True to keep only what was answered while its sender still listened.</summary>
    public bool KeepsAnsweredAlone { get; set; }

    /// <summary>Where it listens.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Starts one.</summary>
    public static async Task<MessageSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new MessageSink(builder.Build());
        await sink._app.StartAsync();
        sink.Url = sink._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return sink;
    }

    /// <summary>Answers a path otherwise than by 200.</summary>
    public void Answer(string path, Func<HttpContext, Task> answer) => _answers[path] = answer;

    /// <summary>Answers a path with a status.</summary>
    public void Answer(string path, int status) => Answer(path, context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    /// <summary>What came to a path, once there is so much of it.</summary>
    public async Task<ReceivedMessage[]> WaitAsync(string path, int count, Action? meanwhile = null)
    {
        for (var i = 0; i < 200 && At(path).Length < count; i++)
        {
            meanwhile?.Invoke();
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System);
        }

        return At(path);
    }

    /// <summary>What came to a path.</summary>
    public ReceivedMessage[] At(string path) => [.. _received.Where(message => message.Path == path)];

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var message = new ReceivedMessage(
            context.Request.Path, body.ToArray(), context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        if (!KeepsAnsweredAlone)
        {
            _received.Enqueue(message);
        }

        if (_answers.TryGetValue(context.Request.Path, out var answer))
        {
            await answer(context);
        }

        if (KeepsAnsweredAlone && !context.RequestAborted.IsCancellationRequested)
        {
            _received.Enqueue(message);
        }
    }
}

/// <summary>What a receiver was sent.</summary>
public sealed record ReceivedMessage(string Path, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);
}
