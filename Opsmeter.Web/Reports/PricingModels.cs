using System.Globalization;
using System.Text.Json;
using Opsmeter.Core.Pricing;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Reports;

/// <summary>The price catalogue as the API shows it, made once: it changes only with the app.</summary>
public sealed class PricingModels
{
    private readonly Lazy<byte[]> _body = new(() => JsonSerializer.SerializeToUtf8Bytes(BodyOf(PriceBook.BuiltIn), DocumentJson.Options));
    private readonly string _etag = $"\"{PriceBook.BuiltIn.Version}\"";

    /// <summary>Answers with the catalogue, or 304 to a caller that has it.</summary>
    public IResult Answer(HttpContext context)
    {
        context.Response.Headers.ETag = _etag;
        context.Response.Headers.CacheControl = "public, max-age=300";
        var known = context.Request.Headers.IfNoneMatch.ToString();
        return known == "*" || known.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == _etag || tag == $"W/{_etag}")
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(_body.Value, "application/json; charset=utf-8");
    }

    private static object BodyOf(PriceBook book) => new
    {
        source = book.Source,
        version = book.Version,
        published = book.Published.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        currency = "USD",
        unit = "per million tokens",
        models = book.Models
            .OrderBy(model => model.Provider, StringComparer.Ordinal)
            .ThenBy(model => model.Id, StringComparer.Ordinal)
            .Select(model => new
            {
                provider = model.Provider,
                model = model.Id,
                name = model.Name,
                contextWindow = model.ContextWindow,
                deprecated = model.IsDeprecated,
                prices = model.Prices.Select(price => new
                {
                    inForce = price.Constraint is { } constraint
                        ? new { from = constraint.From, dailyFrom = constraint.DailyFrom, dailyUntil = constraint.DailyUntil }
                        : null,
                    perThousandRequests = price.PerThousandRequests,
                    rates = price.Rates.ToDictionary(
                        rate => JsonNamingPolicy.CamelCase.ConvertName(rate.Key.ToString()),
                        rate => new
                        {
                            perMillion = rate.Value.BasePerMillion,
                            steps = rate.Value.Steps.Select(step => new { above = step.Above, perMillion = step.PerMillion }),
                        }),
                }),
            }),
    };
}
