using System.Collections.Concurrent;
using System.Net;
using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Identity;

public sealed class KeyFloodTests
{
    [Fact]
    public void Authenticate_UnknownKeys_NeedNoDatabase()
    {
        // There is no such folder: whatever opened the database would throw.
        var ring = new KeyRing(new StorageOptions { DataDirectory = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()) });

        for (var count = 0; count < 1_000; count++)
        {
            ring.Authenticate(ApiKeyText.Create(), DateTimeOffset.UnixEpoch).Should().BeNull();
        }
    }

    [Fact]
    public async Task Keys_UnknownByTheThousand_LeaveTheLogAloneAndOthersGoOn()
    {
        using var log = new Lines();
        await using var opsmeter = new TestOpsmeter { Doubles = services => services.AddSingleton<ILoggerProvider>(log) };
        using var good = await opsmeter.ClientAsync();
        using var stranger = opsmeter.CreateClient();
        log.Written.Clear();

        for (var count = 0; count < 2_000; count++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/key");
            request.Headers.Add("X-API-Key", ApiKeyText.Create());
            using var answer = await stranger.SendAsync(request);
            answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }

        log.Written.Should().HaveCountLessThan(20, because: "whoever sends thousands of keys does not fill the disk with lines");
        (await good.ReadAsync("/v1/key")).Status.Should().Be(200);
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
