using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Components.Pages.Spend;

/// <summary>What pages call a dimension.</summary>
/// <param name="One">One of its values.</param>
/// <param name="Many">Several of them.</param>
public sealed record DimensionWords(string One, string Many)
{
    /// <summary>What requests without the dimension are called.</summary>
    public const string Unknown = "unknown";

    /// <summary>The plural, to begin a heading with.</summary>
    public string Title => Capital(Many);

    /// <summary>The singular, to begin a heading with.</summary>
    public string TitleOfOne => Capital(One);

    /// <summary>The words of a dimension.</summary>
    public static DimensionWords Of(Dimension dimension) => dimension switch
    {
        Dimension.EndpointTag => new("endpoint", "endpoints"),
        Dimension.UserId => new("user", "users"),
        Dimension.TenantId => new("tenant", "tenants"),
        Dimension.Provider => new("provider", "providers"),
        Dimension.Model => new("model", "models"),
        Dimension.PromptVersion => new("prompt version", "prompt versions"),
        Dimension.ApiKey => new("API key", "API keys"),
    };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
