using System.Text.Json;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Ingest;

/// <summary>Reads one row of telemetry. Never throws: a row comes out, or what is wrong with it.</summary>
public static class RequestReader
{
    private const long MostTokens = 1_000_000_000;
    private const decimal MostDollars = 1_000_000m;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private enum CallStatus
    {
        Success,
        Error,
    }

    /// <summary>Reads a row.</summary>
    /// <param name="element">The row.</param>
    /// <param name="now">The server's clock; the time of a row that names none.</param>
    /// <param name="rawRetention">How old a row may be.</param>
    /// <param name="errors">Receives what is wrong.</param>
    /// <returns>The row, or null where anything is wrong.</returns>
    public static IncomingRow? Read(JsonElement element, DateTimeOffset now, TimeSpan rawRetention, FieldErrors errors)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add("", "A row must be a JSON object.");
            return null;
        }

        var fields = new JsonFields(element, errors);
        var usage = ReadUsage(fields, out var warnings);
        var metadata = MetadataReader.Read(fields, out var metadataTenant);
        var occurredAt = ReadOccurredAt(fields, now, rawRetention);
        var reported = fields.Decimal("costUsd", 0, MostDollars);
        var status = fields.Enumeration<CallStatus>("status", required: true);
        var environment = fields.Enumeration<DeploymentEnvironment>("environment");
        var request = new LlmRequest
        {
            ExternalRequestId = fields.Required("externalRequestId", 128),
            Provider = fields.Required("provider", 200),
            Model = fields.Required("model", 200),
            EndpointTag = fields.Required("endpointTag", 200),
            PromptVersion = fields.Required("promptVersion", 200),
            UserId = fields.Optional("userId", 200),
            TenantId = fields.Optional("tenantId", 200) ?? metadataTenant,
            Usage = usage,
            ServiceTier = fields.Enumeration<ServiceTier>("serviceTier") ?? ServiceTier.Standard,
            ReportedCost = reported is { } dollars ? Usd.FromDollars(dollars) : null,
            LatencyMs = (int)(fields.Integer("latencyMs", 0, 86_400_000, required: true, round: true) ?? 0),
            IsError = status == CallStatus.Error,
            ErrorCode = fields.Optional("errorCode", 200),
            DataMode = fields.Enumeration<DataMode>("dataMode") ?? DataMode.Real,
            Environment = environment ?? DeploymentEnvironment.Prod,
            OccurredAt = occurredAt ?? now,
        };
        var row = new IncomingRow
        {
            Request = request,
            OccurredAtGiven = occurredAt is not null,
            EnvironmentGiven = environment is not null,
            Supersede = fields.Boolean("supersede") ?? false,
            ProviderResponseId = fields.Optional("providerResponseId", 200),
            Metadata = metadata,
            Warnings = warnings,
        };
        return errors.IsEmpty ? row : null;
    }

    private static TokenUsage ReadUsage(JsonFields fields, out RowWarnings warnings)
    {
        var sent = new TokenUsage(
            Input: Tokens("inputTokens", required: true),
            Output: Tokens("outputTokens", required: true),
            Cached: Tokens("cachedInputTokens"),
            CacheWrite: Tokens("cacheWriteTokens"),
            CacheWrite1h: Tokens("cacheWrite1hTokens"),
            Reasoning: Tokens("reasoningTokens"),
            AudioInput: Tokens("audioInputTokens"),
            AudioOutput: Tokens("audioOutputTokens"));
        var usage = sent.Inclusive(out var inferred);
        warnings = inferred ? RowWarnings.UsageSemanticsInferred : RowWarnings.None;
        if (fields.Integer("totalTokens", 0, 2 * MostTokens) is { } total && total != sent.Total)
        {
            warnings |= RowWarnings.TotalMismatch;
        }

        return usage;

        long Tokens(string name, bool required = false) => fields.Integer(name, 0, MostTokens, required) ?? 0;
    }

    private static DateTimeOffset? ReadOccurredAt(JsonFields fields, DateTimeOffset now, TimeSpan rawRetention)
    {
        var occurredAt = fields.Instant("occurredAt");
        if (occurredAt > now + ClockSkew)
        {
            fields.Errors.Add("occurredAt", "is more than 5 minutes ahead of this server's clock.");
        }
        else if (occurredAt < now - rawRetention)
        {
            fields.Errors.Add("occurredAt", $"is older than the {rawRetention.TotalDays:0} days that requests are kept.");
        }

        return occurredAt;
    }
}
