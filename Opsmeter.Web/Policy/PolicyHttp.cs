using System.Diagnostics;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>How the policy travels over HTTP: bodies into drafts, results into answers, versions as ETags.</summary>
internal static class PolicyHttp
{
    private const int MostBytes = 64 * 1024;
    private const int RetryAfterSeconds = 1;

    /// <summary>Reads a body.</summary>
    /// <returns>What it says, or the refusal.</returns>
    public static async Task<(T? Draft, IResult? Refusal)> ReadAsync<T>(HttpContext context, Func<DraftFields, T> read)
        where T : class
    {
        using var body = await BodyReader.ReadAsync(context.Request, MostBytes, BodyFormats.Json);
        if (body.TryGetRefusal(out var refused))
        {
            return (null, refused);
        }

        if (!JsonBody.TryParse(body.Bytes, out var document, out var malformed))
        {
            return (null, malformed);
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return (null, Problems.Malformed("", "The body must be a JSON object."));
            }

            var errors = new FieldErrors();
            var draft = read(new DraftFields(document.RootElement, errors));
            return errors.IsEmpty ? (draft, null) : (null, Problems.Malformed(errors.ToDictionary()));
        }
    }

    /// <summary>Whether <c>If-Match</c> lets a change happen.</summary>
    /// <param name="request">The request.</param>
    /// <param name="current">The version that there is.</param>
    /// <param name="version">The version that the change is made from; null where the sender does not care.</param>
    public static bool IsMatch(HttpRequest request, int current, out int? version)
    {
        version = null;
        var header = request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return true;
        }

        if (!EntityTagHeaderValue.TryParseStrictList([.. header.OfType<string>()], out var tags))
        {
            return false;
        }

        if (tags.Contains(EntityTagHeaderValue.Any))
        {
            return true;
        }

        version = current;
        var own = new EntityTagHeaderValue($"\"{current}\"");
        return tags.Any(tag => tag.Compare(own, useStrongComparison: true));
    }

    /// <summary>Whether <c>If-Match</c> lets a change happen to what has a tag.</summary>
    public static bool IsMatch(HttpRequest request, string tag)
    {
        var header = request.Headers.IfMatch;
        return header.Count == 0
            || (EntityTagHeaderValue.TryParseStrictList([.. header.OfType<string>()], out var tags)
                && tags.Any(each => each.Equals(EntityTagHeaderValue.Any) || each.Compare(new EntityTagHeaderValue(tag), useStrongComparison: true)));
    }

    public static IResult ChangedSince() =>
        Problems.PreconditionFailed("If-Match names no version that is current. Read it again, then change it.");

    /// <summary>A document with its ETag.</summary>
    public static IResult Show<T>(HttpContext context, Versioned<T> item, int status = StatusCodes.Status200OK)
    {
        context.Response.Headers.ETag = item.ETag;
        return Results.Json(item.Document, DocumentJson.Options, statusCode: status);
    }

    public static IResult List<T>(IEnumerable<T> items, string? nextCursor = null) =>
        Results.Json(new { Items = items, NextCursor = nextCursor }, DocumentJson.Options);

    /// <summary>The answer to a change.</summary>
    /// <param name="result">What became of it.</param>
    /// <param name="saved">Answers one that was made.</param>
    public static IResult Answer<T>(PolicyResult<T> result, Func<Versioned<T>, IResult> saved) => result switch
    {
        PolicyResult<T>.Saved done => saved(done.Item),
        PolicyResult<T>.Invalid wrong => Problems.Malformed(wrong.Errors),
        PolicyResult<T>.Taken taken => Problems.Conflict(taken.Field, taken.Message),
        PolicyResult<T>.ChangedSince => ChangedSince(),
        PolicyResult<T>.Missing => Problems.NotFound(),
        _ => throw new UnreachableException(),
    };

    /// <summary>Answers 503 where the store cannot take the change, and 400 where sums would not hold what it counts.</summary>
    public static RouteGroupBuilder AnswerStoreFailures(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (invocation, next) =>
        {
            try
            {
                return await next(invocation);
            }
            catch (LedgerUnavailableException)
            {
                return Problems.Unavailable(
                    RetryAfterSeconds, "The change may not have been made. Read it again before you send it again.");
            }
            catch (OverflowException)
            {
                return Problems.Malformed("The change would take a sum past what can be counted exactly.");
            }
        });
        return group;
    }
}
