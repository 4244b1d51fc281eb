using System.Text.Json;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Hosting;

/// <summary>Answers a value as the API writes its type.</summary>
/// <param name="value">What is answered.</param>
internal sealed class JsonAnswer<T>(T value) : BufferedAnswer
{
    /// <inheritdoc />
    protected override void Write(Utf8JsonWriter json) => JsonSerializer.Serialize(json, value, DocumentJson.Options);
}
