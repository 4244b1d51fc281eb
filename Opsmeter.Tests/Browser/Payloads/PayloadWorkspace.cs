using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Opsmeter.Tests.Support;

namespace Opsmeter.Tests.Browser.Payloads;

/// <summary>A product that has payloads in every text there is, and receivers for every kind of message.</summary>
internal sealed class PayloadWorkspace : IAsyncDisposable
{
    /// <summary>The kinds of channel, each with one that is named like it.</summary>
    public static readonly string[] Kinds = ["webhook", "slack", "teams", "discord", "pagerduty", "email"];

    private const int MostWaits = 12;
    private readonly TestFolder _folder = new();
    private readonly Dictionary<int, string> _budgets = [];
    private readonly Dictionary<int, string> _keyed = [];

    private PayloadWorkspace(IReadOnlyList<ScriptPayload> payloads) => Payloads = payloads;

    /// <summary>What is in its texts.</summary>
    public IReadOnlyList<ScriptPayload> Payloads { get; }

    /// <summary>The process.</summary>
    public OpsmeterProcess Process { get; private set; } = null!;

    /// <summary>A client that may do everything.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Where chat messages go.</summary>
    public MessageSink Messages { get; private set; } = null!;

    /// <summary>Where mail goes.</summary>
    public MailSink Mails { get; private set; } = null!;

    /// <summary>The budget that is named like a payload.</summary>
    public string BudgetOf(ScriptPayload payload) => _budgets[payload.Number];

    /// <summary>The one of its tenants each, of whom one is named like it.</summary>
    public string KeyedBudgetOf(ScriptPayload payload) => _keyed[payload.Number];

    /// <summary>Starts and fills one.</summary>
    public static async Task<PayloadWorkspace> StartAsync(IReadOnlyList<ScriptPayload> payloads)
    {
        var workspace = new PayloadWorkspace(payloads) { Messages = await MessageSink.StartAsync(), Mails = await MailSink.StartAsync() };
        var settings = new Dictionary<string, string>(OpsmeterProcess.UsualSettings)
        {
            ["Alerts__AllowedAddresses"] = "127.0.0.0/8", ["Alerts__PublicUrl"] = "https://opsmeter.example.com",
            ["Alerts__MailServer"] = $"smtp://127.0.0.1:{workspace.Mails.Port}/?from=opsmeter@example.com",
        };
        var first = await OpsmeterProcess.StartAsync(workspace._folder.Path, settings);
        await first.StopAsync();
        await first.DisposeAsync();
        PayloadSeed.Write(System.IO.Path.Combine(workspace._folder.Path, "data"), payloads);
        workspace.Process = await OpsmeterProcess.StartAsync(workspace._folder.Path, settings);
        workspace.Client = workspace.Process.Client();
        await workspace.ReportAsync();
        await workspace.ManageAsync();
        return workspace;
    }

    /// <summary>Reports what brings a payload's budget over its limit.</summary>
    public Task ExceedAsync(ScriptPayload payload) => SendAsync(
        "/v1/ingest/llm-request", Row(payload, $"over-{payload.Number}", TimeProvider.System.GetUtcNow(), payload.Text, inputTokens: 8_000_000));

    /// <summary>What a manager writes after the fact: why a block was released and a request voided.</summary>
    public async Task ReasonAsync(ScriptPayload payload)
    {
        var id = BudgetOf(payload);
        await SendAsync($"/v1/requests/void-{payload.Number}/void", new JsonObject { ["revision"] = 1, ["reason"] = payload.Text });
        await SendAsync(
            $"/v1/budgets/{id}/temporary-increase",
            new JsonObject { ["amountUsd"] = 0.01, ["until"] = TimeProvider.System.GetUtcNow().AddHours(1).ToString("O", CultureInfo.InvariantCulture), ["reason"] = payload.Text }, HttpMethod.Put);
    }

    /// <summary>What came to a path, once each payload's may have come: one receiver gets one a second.</summary>
    public Task<ReceivedMessage[]> MessagesAsync(string path) => PatientlyAsync(() => Messages.WaitAsync(path, Payloads.Count), came => came.Length);

    /// <summary>The mails, likewise.</summary>
    public Task<IReadOnlyList<ReceivedMail>> MailsAsync() => PatientlyAsync(() => Mails.WaitAsync(Payloads.Count), came => came.Count);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (Process is not null)
        {
            await Process.DisposeAsync();
        }

        await Messages.DisposeAsync();
        await Mails.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<T> PatientlyAsync<T>(Func<Task<T>> wait, Func<T, int> count)
    {
        var came = await wait();
        for (var i = 0; i < MostWaits && count(came) < Payloads.Count; i++)
        {
            came = await wait();
        }

        return came;
    }

    // A week with two versions, and one request by a model and a provider that have the name too.
    private async Task ReportAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var rows = new JsonArray();
        foreach (var payload in Payloads)
        {
            for (var i = 1; i <= 12; i++)
            {
                rows.Add(Row(payload, $"{payload.Text}~{i}", now.AddHours(-11 * i), i < 7 ? payload.Text : "v1"));
            }

            var own = Row(payload, payload.Text, now.AddMinutes(-1), payload.Text);
            (own["provider"], own["model"], own["costUsd"], own["providerResponseId"]) = (payload.Text, payload.Text, 0.001, payload.Text);
            rows.Add(own);
            rows.Add(Row(payload, $"void-{payload.Number}", now.AddMinutes(-2), payload.Text));
        }

        await SendAsync("/v1/ingest/llm-requests", rows);
    }

    private async Task ManageAsync()
    {
        foreach (var kind in Kinds)
        {
            await SendAsync("/v1/channels", new JsonObject
            {
                ["name"] = kind, ["kind"] = kind, ["url"] = kind == "email" ? "mailto:team@example.com" : $"{Messages.Url}/{kind}",
                ["secret"] = kind == "pagerduty" ? "0123456789abcdef0123456789abcdef" : null,
            });
        }

        foreach (var payload in Payloads)
        {
            var text = payload.Text;
            JsonObject Mode() => new() { ["model"] = text, ["maxOutputTokens"] = 100, ["disableTools"] = false, ["allowedTools"] = new JsonArray(text) };
            await SendAsync("/v1/channels", new JsonObject { ["name"] = payload.WithoutAt, ["kind"] = "webhook", ["url"] = $"{Messages.Url}/named" });
            await SendAsync("/v1/escalations", new JsonObject
            {
                ["name"] = text,
                ["steps"] = new JsonArray([.. Kinds.Append(payload.WithoutAt).Select(name => new JsonObject { ["afterMinutes"] = 0, ["notify"] = name })]),
                ["fastSteps"] = new JsonArray(),
            });
            await SendAsync("/v1/tiers", new JsonObject
            {
                ["pattern"] = text, ["tier"] = 3, ["owner"] = OpsmeterProcess.AdminEmail, ["notes"] = text + "\n" + text, ["blockMessage"] = text, ["degradedMode"] = Mode(),
            });
            await SendAsync("/v1/keys", new JsonObject { ["name"] = text, ["scopes"] = new JsonArray("read") });
            await SendAsync("/v1/containments", new JsonObject
            {
                ["dimension"] = "userId", ["value"] = text, ["withinEndpoint"] = text, ["action"] = "block", ["reason"] = text,
                ["until"] = TimeProvider.System.GetUtcNow().AddHours(2).ToString("O", CultureInfo.InvariantCulture),
            });
            JsonObject Budget(string name) => new()
            {
                ["name"] = name, ["notes"] = text, ["conditions"] = new JsonArray(new JsonObject { ["dimension"] = "endpointTag", ["values"] = new JsonArray(text) }),
                ["limitUsd"] = 1, ["window"] = new JsonObject { ["kind"] = "day" }, ["cap"] = "hard", ["owner"] = OpsmeterProcess.AdminEmail, ["escalation"] = text,
                ["blockMessage"] = text, ["degradedMode"] = Mode(),
            };
            _budgets[payload.Number] = IdOf(await SendAsync("/v1/budgets", Budget(text)));
            var keyed = Budget(text + " each");
            (keyed["per"], keyed["overrides"]) = ("tenantId", new JsonArray(new JsonObject { ["value"] = text, ["limitUsd"] = 1.5 }));
            _keyed[payload.Number] = IdOf(await SendAsync("/v1/budgets", keyed));
        }
    }

    private static JsonObject Row(ScriptPayload payload, string id, DateTimeOffset at, string version, long inputTokens = 40_000) => new()
    {
        ["externalRequestId"] = id, ["provider"] = "openai", ["model"] = "gpt-5-mini", ["endpointTag"] = payload.Text, ["promptVersion"] = version,
        ["userId"] = payload.Text, ["tenantId"] = payload.Text, ["inputTokens"] = inputTokens, ["outputTokens"] = 100, ["latencyMs"] = 12, ["status"] = "error",
        ["errorCode"] = payload.Text, ["occurredAt"] = at.ToString("O", CultureInfo.InvariantCulture),
        ["metadata"] = new JsonObject { [payload.Text] = payload.Text, ["n"] = 1 },
    };

    private static string IdOf(JsonElement made) => made.GetProperty("id").GetString()!;

    private async Task<JsonElement> SendAsync(string path, JsonNode body, HttpMethod? method = null)
    {
        var answer = await Client.SendAsync(method ?? HttpMethod.Post, path, body.ToJsonString());
        return answer.Status is 200 or 201 or 204 && !answer.Text.Contains("\"rejected\":[{", StringComparison.Ordinal) ? answer.Body
            : throw new InvalidOperationException($"{path} {body.ToJsonString()}: {answer.Status} {answer.Text}");
    }
}
