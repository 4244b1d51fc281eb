using System.Text;
using AwesomeAssertions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;
using Xunit;

namespace Opsmeter.Tests.Web.Access;

/// <summary>Every route of the running app × every kind of caller.</summary>
public sealed class AccessMatrixTests : IAsyncLifetime
{
    private readonly AccessOpsmeter _opsmeter = new();

    public ValueTask InitializeAsync() => _opsmeter.OpenAsync();

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Fact]
    public void Route_WithoutARow_FailsHere()
    {
        var routes = _opsmeter.Product.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null && endpoint.RoutePattern.RawText != "{**path:file}"
                && endpoint.RoutePattern.RawText?.StartsWith("/_framework/", StringComparison.Ordinal) != true && endpoint.RoutePattern.RawText?.StartsWith("_framework/", StringComparison.Ordinal) != true)
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IHttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(method => $"{method} {endpoint.RoutePattern.RawText}"))
            .Distinct().ToArray();

        routes.Except(AccessTable.All.Select(row => row.Route)).Should().BeEmpty(because: "each route needs a row that says who may call it");
        AccessTable.All.Select(row => row.Route).Except(routes).Should().BeEmpty(because: "a row stands for a route that there is");
        AccessTable.All.Select(row => row.Route).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Hub_HasNoMethodsThatCallersInvoke() =>
        typeof(LiveHub).GetMethods(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.DeclaredOnly)
            .Where(method => method.GetBaseDefinition().DeclaringType != typeof(Hub)).Should().BeEmpty();

    [Fact]
    public async Task Route_CalledByEachKindOfCaller_AnswersAsTheTableSays()
    {
        var wrong = new StringBuilder();
        var asked = 0;
        foreach (var row in AccessTable.All)
        {
            foreach (var caller in _opsmeter.Callers)
            {
                var expected = Expected(row, caller);
                var got = await _opsmeter.AskAsync(row, caller);
                asked++;
                if (got != expected)
                {
                    wrong.Append(System.Globalization.CultureInfo.InvariantCulture, $"{row.Route} by {caller.Name}: {got}, not {expected}\n");
                }
            }
        }

        wrong.ToString().Should().BeEmpty();
        asked.Should().BeGreaterThan(1_000);
    }

    private static int Expected(AccessRow row, AccessCaller caller) =>
        row.IsOpen ? row.Status
        : caller.Role is { } role ? row.Least is not { } least ? row.Unknown : role >= least ? row.Status : row.Refused
        : caller.Scopes is not { } scopes || row.Scopes == KeyScopes.None ? row.Unknown
        : (scopes & row.Scopes) == KeyScopes.None ? 403
        : caller.IsForeign ? row.Foreign ?? row.Status
        : row.Status;
}
