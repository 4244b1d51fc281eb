using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Access;
using Opsmeter.Tests.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Web.Malformed;

/// <summary>Every route that reads a body × every body that none may take.</summary>
public sealed class MalformedBodyTests(ITestOutputHelper output)
{
    // It looks for budgets first: it is for a workspace without any.
    private const string Starter = "POST /v1/policy/starter";

    private static readonly string[] Changing = ["POST", "PUT", "PATCH"];

    [Fact]
    public void Route_ThatTakesABody_IsInTheTable()
    {
        var routes = AccessTable.All.Select(row => row.Route).Where(route => route.Contains(" /v1/", StringComparison.Ordinal) && Changing.Contains(route.Split(' ')[0]));

        MalformedRoutes.All.Select(route => route.Route).Concat(MalformedRoutes.WithoutBody).Should().BeEquivalentTo(routes);
    }

    [Fact]
    public async Task Body_ThatIsMalformed_IsRefusedByEveryRouteWithItsProblem()
    {
        await using var opsmeter = new TestOpsmeter(now: PolicyOpsmeter.Now);
        opsmeter.Settings["Alerts:AllowedAddresses"] = "127.0.0.1/32";
        await opsmeter.AddMemberAsync(PolicyOpsmeter.Owner);
        using var client = await opsmeter.ClientAsync();
        var objects = await MalformedObjects.MakeAsync(client);
        var wrong = new StringBuilder();
        var sent = 0;
        foreach (var route in MalformedRoutes.All)
        {
            foreach (var body in MalformedBodies.Of(route))
            {
                sent++;
                if (await AskAsync(client, objects.PathOf(route), route, body) is { } surprise)
                {
                    wrong.Append(System.Globalization.CultureInfo.InvariantCulture, $"{route} with {body.Name}: {surprise}\n");
                }
            }
        }

        output.WriteLine($"{sent:N0} requests");
        wrong.ToString().Should().BeEmpty();
        sent.Should().BeGreaterThan(3_000);
    }

    [Fact]
    public async Task Body_WithHundredsOfThousandsOfWrongItems_IsAnsweredAtOnceAndBriefly()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        foreach (var item in new[] { "1", "{}", "null", "[]", "\"a\"" })
        {
            var answer = await client.SendAsync(HttpMethod.Put, "/v1/policy", $$"""{"budgets":[{{string.Concat(Enumerable.Repeat(item + ",", 500_000))}}1]}""");

            answer.Status.Should().Be(400);
            answer.Text.Length.Should().BeLessThan(20_000);
        }

        var many = await client.SendAsync(HttpMethod.Put, "/v1/settings", $$"""{{{string.Join(',', Enumerable.Range(0, 3_000).Select(i => $"\"a{i}\":1,\"a{i}\":1"))}}}""");

        many.Status.Should().Be(400);
        many["errors"].EnumerateObject().Should().HaveCount(100);
    }

    // What is surprising about the answer, or null.
    private static async Task<string?> AskAsync(HttpClient client, string path, MalformedRoute route, MalformedBody body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), path);
        request.Content = new ByteArrayContent(body.Bytes);
        request.Content.Headers.Remove("Content-Type");
        if (body.Type is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", body.Type);
        }

        if (body.Encoding is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", body.Encoding);
        }

        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var status = (int)answer.StatusCode;
        var expected = status == body.Status
            ? IsProblem(answer.Content.Headers.ContentType, text, body.Problem)
            : (body is { MayBeMissing: true } && status == 404)
                || (route.Route == Starter && status == 409) || (route.IsBatch && body.Status == 400 && status == 200 && IsRejected(text));
        return expected ? null : $"{status}, not {body.Status}: {(text.Length > 300 ? text[..300] : text)}";
    }

    private static bool IsProblem(MediaTypeHeaderValue? type, string text, string problem)
    {
        using var read = JsonDocument.Parse(text);
        return type?.MediaType == "application/problem+json" && read.RootElement.GetProperty("type").GetString() == problem;
    }

    private static bool IsRejected(string text)
    {
        using var read = JsonDocument.Parse(text);
        return read.RootElement.GetProperty("rejected").GetArrayLength() > 0;
    }
}
