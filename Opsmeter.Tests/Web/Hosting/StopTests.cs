using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Hosting;

public sealed class StopTests
{
    [Fact]
    public async Task Stop_ThatComesAfterTheEnd_DoesNothing()
    {
        // Two who stop the process at once are let through by the host: the slower one meets what is disposed already.
        var opsmeter = new TestOpsmeter();
        var services = opsmeter.Services.GetServices<IHostedService>()
            .Where(service => service.GetType().Assembly == typeof(LedgerWriter).Assembly).ToArray();
        await opsmeter.DisposeAsync();

        services.Should().Contain(service => service is LedgerWriter);
        foreach (var service in services)
        {
            var stop = async () => await service.StopAsync(TestContext.Current.CancellationToken);
            await stop.Should().NotThrowAsync("{0} has ended", service.GetType().Name);
        }
    }
}
