using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Opsmeter.Core.Decisions;
using Opsmeter.Web.Decisions;

namespace Opsmeter.Tests.Web.Decisions;

/// <summary>A decision as its caller reads it.</summary>
internal static class AnswerText
{
    public static async Task<string> OfAsync(Decision decision, Hold? hold = null)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        await new DecisionAnswer(decision, hold).ExecuteAsync(context);
        return Encoding.UTF8.GetString(body.ToArray());
    }

    public static async Task<JsonElement> ReadAsync(Decision decision) => JsonElement.Parse(await OfAsync(decision));
}
