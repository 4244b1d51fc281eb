using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary><c>POST /v1/budgets/replay</c>.</summary>
internal static class ReplayApi
{
    private const string Budget = "budget";

    public static void MapReplay(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/budgets/replay", ReplayAsync).RequireScope(KeyScopes.Manage);

    private static async Task<IResult> ReplayAsync(HttpContext context, Replays replays, Boards boards, TimeProvider time)
    {
        var (wanted, refusal) = await PolicyHttp.ReadAsync(context, fields => new
        {
            Budget = fields.Nested(Budget, DraftReader.Budget), From = fields.Text("from"), To = fields.Text("to"),
        });
        if (wanted is null)
        {
            return refusal!;
        }

        var errors = new FieldErrors();
        if (wanted.Budget is null)
        {
            errors.Add(Budget, "Send the budget to replay.");
        }

        var workspaceId = context.Caller().WorkspaceId;
        var range = RangeOf(wanted.From, wanted.To, boards[workspaceId].Policy.Settings, time.GetUtcNow(), errors);
        if (!errors.IsEmpty)
        {
            return Problems.Malformed(errors.ToDictionary());
        }

        var (budget, problems) = await replays.CheckAsync(workspaceId, wanted.Budget!);
        return budget is null
            ? Problems.Malformed(problems.ToDictionary(problem => $"{Budget}.{problem.Key}", problem => problem.Value))
            : new JsonAnswer<ReplayAnswer>(ReplayAnswer.Of(await replays.RunAsync(workspaceId, budget, range, null, context.RequestAborted)));
    }

    /// <summary>The range that is asked for; the last 30 days where it is not said.</summary>
    internal static TimeWindow RangeOf(string? from, string? to, WorkspaceSettings settings, DateTimeOffset now, FieldErrors errors)
    {
        var range = new TimeWindow(Instant("from", from ?? "now-30d"), Instant("to", to ?? "now"));
        if (errors.IsEmpty && (range.Start >= range.End || range.Length > TimeSpan.FromDays(Replays.MostDays)))
        {
            errors.Add("to", $"Must be after from, by {Replays.MostDays} days at most.");
        }

        return range;

        DateTimeOffset Instant(string name, string text)
        {
            if (TimeExpression.TryParse(text, now, settings.TimeZone, settings.WeekStartsOn, out var instant) is { } wrong)
            {
                errors.Add(name, wrong);
            }

            return instant;
        }
    }
}
