using System.Text.Json;
using Microsoft.Extensions.Options;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Storage.Documents;

namespace Opsmeter.Web.Ingest;

/// <summary>The routes that take telemetry. A 2xx means that the rows are on disk and counted.</summary>
public static class IngestApi
{
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
        HttpContext context, LedgerWriter writer, Boards boards, IOptions<IngestLimits> limits, TimeProvider time)
    {
        using var body = await Body.ReadAsync(context.Request, limits.Value.BodyBytes);
        if (body.Problem is { } problem)
        {
            return problem;
        }

        if (!JsonBody.TryParse(body.Bytes, out var document, out var malformed))
        {
            return malformed;
        }

        using (document)
        {
            var caller = context.Caller();
            var errors = new FieldErrors();
            var row = RowIntake.Read(document.RootElement, caller, time.GetUtcNow(), limits.Value, errors, out var wrongEnvironment);
            if (row is null)
            {
                return wrongEnvironment
                    ? Problems.Forbidden(errors.ToDictionary()["environment"][0])
                    : Problems.Invalid(errors.ToDictionary());
            }

            return await AppendAsync(writer, caller.WorkspaceId, [row]) is { } answers
                ? answers[0].Outcome == LedgerOutcome.Overflow
                    ? Problems.Invalid(Overflow)
                    : Results.Json(AnswerOf(row, answers[0], boards[caller.WorkspaceId], time.GetUtcNow()), DocumentJson.Options)
                : Busy();
        }
    }

    private static async Task<IResult> TakeBatchAsync(
        HttpContext context, LedgerWriter writer, IOptions<IngestLimits> limits, TimeProvider time)
    {
        using var body = await Body.ReadAsync(context.Request, limits.Value.BatchBytes);
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var caller = context.Caller();
        var now = time.GetUtcNow();
        var batch = BatchReader.Read(body, limits.Value.BatchRows, (element, errors) =>
            RowIntake.Read(element, caller, now, limits.Value, errors, out _));
        if (batch.Problem is { } unreadable)
        {
            return unreadable;
        }

        return await AppendAsync(writer, caller.WorkspaceId, [.. batch.Rows.Select(row => row.Row)]) is { } answers
            ? Results.Json(AnswerOf(batch, answers), DocumentJson.Options)
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
        Problems.Unavailable("The rows may not have been stored. Send them again with the same ids.");

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
        var worst = decision.Budgets.Count == 0 ? BudgetState.Ok : decision.Budgets.Max(budget => budget.Reading.Standing.State);
        return new IngestAnswer
        {
            Duplicate = answer.Outcome == LedgerOutcome.Duplicate,
            CostUsd = answer.Cost?.Dollars,
            Priced = answer.Cost is not null,
            Warnings = RowIntake.WarningsOf(row, answer).Codes(),
            BudgetWarning = worst >= BudgetState.Warning,
            BudgetExceeded = worst == BudgetState.Exceeded,
            Reason = decision.Action == DecisionAction.Block ? decision.Reason : null,
            Decision = new IngestAnswer.DecisionPart(
                decision.Action, decision.Reason, decision.Message, decision.ResetsAt,
                decision.DegradedMode is { } mode ? DegradedModeDocument.Of(mode) : null),
        };
    }

    private static BatchAnswer AnswerOf(BatchReader.Batch batch, LedgerAnswer[] answers)
    {
        var rejected = batch.Rejected.ToList();
        var warnings = new Dictionary<string, int>(StringComparer.Ordinal);
        var (accepted, duplicates) = (0, 0);
        foreach (var ((index, row), answer) in batch.Rows.Zip(answers))
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

            foreach (var code in RowIntake.WarningsOf(row, answer).Codes())
            {
                warnings[code] = warnings.GetValueOrDefault(code) + 1;
            }
        }

        return new BatchAnswer(accepted, duplicates, [.. rejected.OrderBy(row => row.Index)], warnings);
    }
}
