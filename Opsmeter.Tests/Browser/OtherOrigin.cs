using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Browser;

/// <summary>The product, a browser that is signed in to it, and a server of another origin whose page that browser opens.</summary>
public sealed class OtherOrigin : IAsyncLifetime
{
    private readonly TestFolder _folder = new();

    internal OpsmeterProcess Opsmeter { get; private set; } = null!;

    internal MessageSink Other { get; private set; } = null!;

    internal TestBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);
        Other = await MessageSink.StartAsync();
        Other.Answer("/page", context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.BodyWriter.WriteAsync("<!doctype html><title>other</title><body></body>"u8.ToArray()).AsTask();
        });
        Browser = await TestBrowser.OpenAsync(Opsmeter.Address);
        await Browser.SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        await Other.DisposeAsync();
        await Opsmeter.DisposeAsync();
        _folder.Dispose();
    }
}
