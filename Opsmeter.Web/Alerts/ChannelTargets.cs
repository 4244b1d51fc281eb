using System.Text.Json;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Alerts;

/// <summary>Reads where a channel's messages go.</summary>
internal static class ChannelTargets
{
    /// <summary>A channel with the secrets that are in use.</summary>
    public static DeliveryTarget Of(ChannelRow row, DateTimeOffset now)
    {
        var secrets = new List<string>();
        if (row.Secret is { } secret)
        {
            secrets.Add(secret);
        }

        if (row.FormerSecret is { } former && row.FormerSecretUntilTicks > now.UtcTicks)
        {
            secrets.Add(former);
        }

        return new DeliveryTarget(JsonSerializer.Deserialize<ChannelDocument>(row.Document, DocumentJson.Options)!, secrets);
    }
}
