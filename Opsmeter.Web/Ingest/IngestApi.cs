using Microsoft.Extensions.Options;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Ingest;

/// <summary>The routes that take telemetry. A 2xx means that the rows are on disk and counted.</summary>
public static class IngestApi
{
    private const int RetryAfterSeconds = 1;

    private static readonly Dictionary<string, string[]> Overflow = new(StringComparer.Ordinal)
    {
        ["overflow"] = ["The row would take a sum past what can be counted exactly."],
    };

    public static void MapIngest(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/ingest").RequireScope(KeyScopes.Ingest);
        group.MapPost("/llm-request", TakeOneAsync);
        group.MapPost("/llm-requests", TakeBatchAsync);
    }

    private static async Task<IResult> TakeOneAsync(
        HttpContext context, LedgerWriter writer, Boards boards, IOptions<IngestLimits> limits, IOptions<StorageOptions> storage,
        TimeProvider time)
    {
        using var body = await BodyReader.ReadAsync(context.Request, limits.Value.MaxBodyBytes, BodyFormats.Json);
        if (body.TryGetRefusal(out var refused))
        {
            return refused;
        }

        var caller = context.Caller();
        var reading = RequestReader.Read(body.Bytes.Span, time.GetUtcNow(), storage.Value.RawRetention, limits.Value.MaxDepth);
        if (!reading.IsValid)
        {
            return Problems.Malformed(reading.Errors);
        }

        if (RowIntake.Price(reading.Row, caller, out var refusal) is not { } row)
        {
            return refusal!.IsForbidden ? Problems.Forbidden(refusal.Message) : Problems.Malformed(refusal.Errors);
        }

        return await AppendAsync(writer, caller.WorkspaceId, [row]) is not { } answers
            ? Busy()
            : answers[0].Outcome == LedgerOutcome.Overflow
                ? Problems.Malformed(Overflow)
                : AnswerOf(row, answers[0], boards[caller.WorkspaceId], time.GetUtcNow());
    }

    private static async Task<IResult> TakeBatchAsync(
        HttpContext context, LedgerWriter writer, IOptions<IngestLimits> limits, IOptions<StorageOptions> storage, TimeProvider time)
    {
        using var body = await BodyReader.ReadAsync(context.Request, limits.Value.MaxBatchBytes);
        if (body.TryGetRefusal(out var refused))
        {
            return refused;
        }

        var caller = context.Caller();
        var batch = BatchReader.Read(
            body.Bytes.Span, body.Format, time.GetUtcNow(), storage.Value.RawRetention, limits.Value);
        if (batch.TryGetRefusal(out var unreadable))
        {
            return unreadable;
        }

        var rows = new List<(int Index, LedgerRow Row)>(batch.Accepted.Count);
        var rejected = batch.Rejected.ToList();
        foreach (var (index, incoming) in batch.Accepted)
        {
            if (RowIntake.Price(incoming, caller, out var refusal) is { } row)
            {
                rows.Add((index, row));
            }
            else
            {
                rejected.Add(new RejectedRow(index, incoming.Request.ExternalRequestId, refusal!.Errors));
            }
        }

        return await AppendAsync(writer, caller.WorkspaceId, [.. rows.Select(row => row.Row)]) is { } answers
            ? new JsonAnswer<BatchAnswer>(AnswerOf(rows, rejected, answers))
            : Busy();
    }

    private static async Task<LedgerAnswer[]?> AppendAsync(LedgerWriter writer, int workspaceId, LedgerRow[] rows)
    {
        try
        {
            return rows.Length == 0 ? [] : await writer.AppendAsync(workspaceId, rows);
        }
        catch (LedgerUnavailableException)
        {
            return null;
        }
        catch (OverflowException)
        {
            return [.. rows.Select(_ => new LedgerAnswer(LedgerOutcome.Overflow, 0, null))];
        }
    }

    private static IResult Busy() =>
        Problems.Unavailable(RetryAfterSeconds, "The rows may not have been stored. Send them again with the same ids.");

    private static IngestAnswer AnswerOf(LedgerRow row, LedgerAnswer answer, PolicyBoard board, DateTimeOffset now)
    {
        var request = row.Row.Request;
        var decision = DecisionEngine.Decide(
            board,
            new DecisionQuery
            {
                Dimensions = Dimensions.Of(request, row.Row.Provider, board.Policy.Settings.TenantFrom),
                IsFreeModel = PriceBook.BuiltIn.IsFree(request.Provider, request.Model, now),
            },
            now);
        return new IngestAnswer(answer, RowIntake.WarningsOf(row, answer), decision);
    }

    private static BatchAnswer AnswerOf(
        List<(int Index, LedgerRow Row)> rows, List<RejectedRow> rejected, LedgerAnswer[] answers)
    {
        var warnings = new Dictionary<string, int>(StringComparer.Ordinal);
        var (accepted, duplicates) = (0, 0);
        foreach (var ((index, row), answer) in rows.Zip(answers))
        {
            switch (answer.Outcome)
            {
                case LedgerOutcome.Overflow:
                    rejected.Add(new RejectedRow(index, row.Row.Request.ExternalRequestId, Overflow));
                    continue;
                case LedgerOutcome.Duplicate:
                    duplicates++;
                    continue;
                case LedgerOutcome.Stored or LedgerOutcome.Conflict or LedgerOutcome.Superseded:
                    accepted++;
                    break;
            }

            foreach (var code in RowIntake.WarningsOf(row, answer))
            {
                warnings[code] = warnings.GetValueOrDefault(code) + 1;
            }
        }

        return new BatchAnswer(accepted, duplicates, [.. rejected.OrderBy(row => row.Index)], warnings);
    }
}
