using Microsoft.Data.Sqlite;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Storage;

// Rows as they are stored: texts and prices by number.
public sealed partial class SqliteLedger
{
    // Names in use at once are hundreds; the bound, some five megabytes, is for a sender that makes them up.
    private const int MostCachedValues = 20_000;

    private readonly Dictionary<(int Workspace, DimensionKind Kind, string Text), long> _ids = [];
    private readonly Dictionary<long, string> _texts = [];
    private readonly Dictionary<AppliedRates, long> _priceVersions = [];

    /// <summary>The text of a dictionary entry.</summary>
    public string TextOf(long id)
    {
        if (!_texts.TryGetValue(id, out var text))
        {
            MakeRoom();
            text = _statements.TextOf(id);
            _texts[id] = text;
        }

        return text;
    }

    /// <summary>The id of a value, made when it is new.</summary>
    public long IdOf(int workspaceId, DimensionKind kind, string text)
    {
        if (_ids.TryGetValue((workspaceId, kind, text), out var id))
        {
            return id;
        }

        MakeRoom();
        id = _statements.IdOf(workspaceId, (int)kind, text);
        _ids[(workspaceId, kind, text)] = id;
        return id;
    }

    // What is needed again is read again; the tables give back what they took.
    private void MakeRoom()
    {
        if (_ids.Count >= MostCachedValues)
        {
            _ids.Clear();
            _ids.TrimExcess();
        }

        if (_texts.Count >= MostCachedValues)
        {
            _texts.Clear();
            _texts.TrimExcess();
        }
    }

    private StoredRow Encode(int workspaceId, LedgerRow row)
    {
        var request = row.Row.Request;
        return new StoredRow
        {
            ProviderSentId = IdOf(workspaceId, DimensionKind.ProviderSent, request.Provider),
            ProviderId = IdOf(workspaceId, DimensionKind.Provider, row.Row.Provider),
            ModelId = IdOf(workspaceId, DimensionKind.Model, request.Model),
            EndpointId = IdOf(workspaceId, DimensionKind.EndpointTag, request.EndpointTag),
            VersionId = IdOf(workspaceId, DimensionKind.PromptVersion, request.PromptVersion),
            UserId = request.UserId is { } user ? IdOf(workspaceId, DimensionKind.UserId, user) : null,
            TenantId = request.TenantId is { } tenant ? IdOf(workspaceId, DimensionKind.TenantId, tenant) : null,
            KeyId = request.ApiKey is { } key ? IdOf(workspaceId, DimensionKind.ApiKey, key) : null,
            ErrorCodeId = request.ErrorCode is { } code ? IdOf(workspaceId, DimensionKind.ErrorCode, code) : null,
            PriceVersionId = row.Rates is { } rates ? PriceVersionOf(rates) : null,
            Environment = request.Environment,
            DataMode = request.DataMode,
            ServiceTier = request.ServiceTier,
            Usage = request.Usage,
            Cost = row.Row.Cost,
            Reported = request.ReportedCost,
            OccurredAt = request.OccurredAt,
            IsError = request.IsError,
            LatencyMs = request.LatencyMs,
        };
    }

    private long PriceVersionOf(AppliedRates rates)
    {
        if (!_priceVersions.TryGetValue(rates, out var id))
        {
            _priceVersions[rates] = id = _statements.PriceVersionOf(rates.ToJson());
        }

        return id;
    }
}
