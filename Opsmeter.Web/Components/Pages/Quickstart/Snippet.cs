namespace Opsmeter.Web.Components.Pages.Quickstart;

/// <summary>What to paste: ask before a call, report after it.</summary>
internal static class Snippet
{
    /// <summary>For a shell.</summary>
    public static IReadOnlyList<(string Title, string Code)> Curl(string host, string key, string environment) =>
    [
        ("Ask, before the call (100 ms at most; no answer means go on)", $$"""
            curl -m 0.1 -X POST {{host}}/v1/decisions \
              -H 'X-API-Key: {{key}}' \
              -H 'Content-Type: application/json' \
              -d '{"endpointTag":"billing.guardrail_check","model":"gpt-5-mini","userId":"tenant_acme_hash","environment":"{{environment}}"}'
            """),
        ("Report, after the call", $$"""
            curl -X POST {{host}}/v1/ingest/llm-request \
              -H 'X-API-Key: {{key}}' \
              -H 'Content-Type: application/json' \
              -d '{"externalRequestId":"req_01HZXB6MQZ2WQ9D2KCF9M4V2QY","provider":"openai","model":"gpt-5-mini","endpointTag":"billing.guardrail_check","promptVersion":"budget_v1","userId":"tenant_acme_hash","inputTokens":240,"outputTokens":80,"latencyMs":892,"status":"success","dataMode":"real","environment":"{{environment}}"}'
            """),
    ];

    /// <summary>For .NET, with what the platform has.</summary>
    public static IReadOnlyList<(string Title, string Code)> CSharp(string host, string key, string environment) =>
    [
        ("Ask, call, report", $$"""
            using System.Net.Http.Json;
            using System.Text.Json;

            var opsmeter = new HttpClient { BaseAddress = new Uri("{{host}}") };
            opsmeter.DefaultRequestHeaders.Add("X-API-Key", "{{key}}");

            // Ask. No answer within 100 ms means: go on as usual.
            var action = "allow";
            try
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
                var answer = await opsmeter.PostAsJsonAsync("/v1/decisions", new
                {
                    endpointTag = "billing.guardrail_check", model = "gpt-5-mini",
                    userId = "tenant_acme_hash", environment = "{{environment}}",
                }, patience.Token);
                answer.EnsureSuccessStatusCode();
                action = (await answer.Content.ReadFromJsonAsync<JsonElement>(patience.Token)).GetProperty("action").GetString();
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
            {
            }

            // Call your model here: not at all on "block", with the smaller model on "degrade".

            // Report. The id makes it safe to send again.
            await opsmeter.PostAsJsonAsync("/v1/ingest/llm-request", new
            {
                externalRequestId = Guid.NewGuid().ToString(), provider = "openai", model = "gpt-5-mini",
                endpointTag = "billing.guardrail_check", promptVersion = "budget_v1", userId = "tenant_acme_hash",
                inputTokens = 240, outputTokens = 80, latencyMs = 892, status = "success",
                dataMode = "real", environment = "{{environment}}",
            });
            """),
    ];
}
