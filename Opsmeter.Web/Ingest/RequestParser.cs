using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Ingest;

/// <summary>The state of reading one row: what was read so far, and what was wrong with it.</summary>
internal ref partial struct RequestParser
{
    /// <summary>Room for the longest text in its longest spelling: a character may take six bytes, as in \u0041.</summary>
    public const int ScratchLength = MaxText * BytesPerEscape;

    /// <summary>The name under which errors of the row as a whole are reported.</summary>
    public const string Whole = "$";

    private const int MaxId = 128;
    private const int MaxText = 200;
    private const int BytesPerEscape = 6;
    private const long MaxTokens = 1_000_000_000;
    private const long MaxLatencyMs = 86_400_000;
    private const long MaxCostNano = 1_000_000 * Usd.NanoPerDollar;

    // In the order of the enums they stand for.
    private static readonly string[] ServiceTiers = ["standard", "batch", "flex", "priority"];
    private static readonly string[] DataModes = ["real", "test", "demo"];
    private static readonly string[] Environments = ["prod", "staging", "dev"];
    private static readonly string[] Statuses = ["success", "error"];

    private readonly ReadOnlySpan<byte> _json;
    private readonly Span<char> _scratch;
    private readonly DateTimeOffset _now;
    private readonly TimeSpan _rawRetention;
    private readonly int _maxDepth;
    private Utf8JsonReader _reader;
    private Dictionary<string, string[]>? _errors;
    private RequestField _field;
    private uint _seen;
    private uint _present;
    private bool _halted;

    private string? _externalRequestId;
    private string? _provider;
    private string? _model;
    private string? _endpointTag;
    private string? _promptVersion;
    private string? _userId;
    private string? _tenantId;
    private string? _metadataTenantId;
    private string? _errorCode;
    private string? _metadata;
    private string? _providerResponseId;
    private long _input;
    private long _output;
    private long _cached;
    private long _cacheWrite;
    private long _cacheWrite1h;
    private long _reasoning;
    private long _audioInput;
    private long _audioOutput;
    private long _total;
    private long _costNano;
    private long _latencyMs;
    private int _serviceTier;
    private int _status;
    private int _dataMode;
    private int _environment;
    private bool _supersede;
    private DateTimeOffset _occurredAt;

    public RequestParser(
        ReadOnlySpan<byte> json, Span<char> scratch, DateTimeOffset now, TimeSpan rawRetention, int maxDepth)
    {
        _json = json;
        _scratch = scratch;
        _now = now;
        _rawRetention = rawRetention;
        _maxDepth = maxDepth;

        // One level more than allowed, so that the limit is noticed here, with its own message, and not by the tokenizer.
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth + 1 });
    }

    public RowReading Read()
    {
        try
        {
            ReadObject();
            RefuseBrokenText();
        }
        catch (JsonException malformed)
        {
            // The tokenizer's own message quotes the input; the position says as much.
            Fail(Whole, string.Create(
                CultureInfo.InvariantCulture,
                $"Is not valid JSON, at line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}."));
            _halted = true;
        }

        var row = _halted ? null : Build();
        return new RowReading(_errors is null ? row : null, _errors, _externalRequestId);
    }

    private void ReadObject()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            Fail(Whole, "Must be a JSON object.");
            _halted = true;
            return;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember();
            if (_halted)
            {
                return;
            }
        }

        if (_json[(int)_reader.BytesConsumed..].IndexOfAnyExcept(" \t\r\n"u8) >= 0)
        {
            Fail(Whole, "Must be one JSON object with nothing after it.");
        }
    }

    // The tokenizer does not look into texts that are skipped. A known field's message says more, and comes first.
    private void RefuseBrokenText()
    {
        if (_errors is null && !Utf8.IsValid(_json))
        {
            Fail(Whole, "Must be valid UTF-8.");
        }
    }

    private void ReadMember()
    {
        var known = TryFindField();
        _reader.Read();
        if (!known)
        {
            Skip();
            return;
        }

        var bit = 1u << (int)_field;
        if ((_seen & bit) != 0)
        {
            Skip();
            Fail("Is given twice; send it once.");
            return;
        }

        _seen |= bit;
        if (ReadField())
        {
            _present |= bit;
        }
    }

    private bool TryFindField()
    {
        var name = _reader.ValueSpan;
        if (!_reader.ValueIsEscaped)
        {
            return RequestFields.TryFind(name, out _field);
        }

        if (name.Length > RequestFields.LongestName * BytesPerEscape)
        {
            return false;
        }

        try
        {
            Span<byte> unescaped = stackalloc byte[name.Length];
            var length = _reader.CopyString(unescaped);
            return RequestFields.TryFind(unescaped[..length], out _field);
        }
        catch (InvalidOperationException)
        {
            // A name that is no text is no name of ours.
            return false;
        }
    }

    // True when the member carries a value, right or wrong; false for null and, where text is optional, for "".
    private bool ReadField() => _field switch
    {
        RequestField.ExternalRequestId => Text(MaxId, out _externalRequestId),
        RequestField.Provider => Text(MaxText, out _provider),
        RequestField.Model => Text(MaxText, out _model),
        RequestField.EndpointTag => Text(MaxText, out _endpointTag),
        RequestField.PromptVersion => Text(MaxText, out _promptVersion),
        RequestField.UserId => Text(MaxText, out _userId),
        RequestField.TenantId => Text(MaxText, out _tenantId),
        RequestField.InputTokens => Integer(MaxTokens, out _input),
        RequestField.OutputTokens => Integer(MaxTokens, out _output),
        RequestField.CachedInputTokens => Integer(MaxTokens, out _cached),
        RequestField.CacheWriteTokens => Integer(MaxTokens, out _cacheWrite),
        RequestField.CacheWrite1hTokens => Integer(MaxTokens, out _cacheWrite1h),
        RequestField.ReasoningTokens => Integer(MaxTokens, out _reasoning),
        RequestField.AudioInputTokens => Integer(MaxTokens, out _audioInput),
        RequestField.AudioOutputTokens => Integer(MaxTokens, out _audioOutput),
        RequestField.TotalTokens => Integer(2 * MaxTokens, out _total),
        RequestField.ServiceTier => OneOf(ServiceTiers, out _serviceTier),
        RequestField.CostUsd => Cost(out _costNano),
        RequestField.LatencyMs => Latency(out _latencyMs),
        RequestField.Status => OneOf(Statuses, out _status),
        RequestField.ErrorCode => Text(MaxText, out _errorCode),
        RequestField.DataMode => OneOf(DataModes, out _dataMode),
        RequestField.Environment => OneOf(Environments, out _environment),
        RequestField.OccurredAt => Instant(out _occurredAt),
        RequestField.Metadata => Metadata(out _metadata),
        RequestField.Supersede => Boolean(out _supersede),
        RequestField.ProviderResponseId => Text(MaxText, out _providerResponseId),
    };

    private IncomingRow? Build()
    {
        foreach (var field in RequestFields.Required)
        {
            if (!Has(field))
            {
                _field = field;
                Fail(field is RequestField.InputTokens or RequestField.OutputTokens
                    ? "Is required; send 0 where there were none."
                    : "Is required.");
            }
        }

        var tenantId = _tenantId ?? MetadataTenant();
        if (_errors is not null)
        {
            return null;
        }

        var sent = new TokenUsage(
            _input, _output, _cached, _cacheWrite, _cacheWrite1h, _reasoning, _audioInput, _audioOutput);
        var usage = sent.Inclusive(out var inferred);
        var warnings = inferred ? RowWarnings.UsageSemanticsInferred : RowWarnings.None;
        if (Has(RequestField.TotalTokens) && _total != sent.Total)
        {
            warnings |= RowWarnings.TotalMismatch;
        }

        return new IncomingRow
        {
            Request = new LlmRequest
            {
                ExternalRequestId = _externalRequestId!,
                Provider = _provider!,
                Model = _model!,
                EndpointTag = _endpointTag!,
                PromptVersion = _promptVersion!,
                UserId = _userId,
                TenantId = tenantId,
                Usage = usage,
                ServiceTier = (ServiceTier)_serviceTier,
                ReportedCost = Has(RequestField.CostUsd) ? new Usd(_costNano) : null,
                LatencyMs = (int)_latencyMs,
                IsError = _status == 1,
                ErrorCode = _errorCode,
                DataMode = (DataMode)_dataMode,
                Environment = (DeploymentEnvironment)_environment,
                OccurredAt = Has(RequestField.OccurredAt) ? _occurredAt : _now.ToUniversalTime(),
            },
            OccurredAtGiven = Has(RequestField.OccurredAt),
            EnvironmentGiven = Has(RequestField.Environment),
            Supersede = _supersede,
            Metadata = _metadata,
            ProviderResponseId = _providerResponseId,
            Warnings = warnings,
        };
    }

    private readonly bool Has(RequestField field) => (_present & (1u << (int)field)) != 0;

    private void Fail(string message) => Fail(RequestFields.NameOf(_field), message);

    private void Fail(string name, string message)
    {
        _errors ??= new Dictionary<string, string[]>(StringComparer.Ordinal);
        _errors.TryGetValue(name, out var messages);
        if (messages is null || !messages.Contains(message))
        {
            _errors[name] = [.. messages ?? [], message];
        }
    }
}
