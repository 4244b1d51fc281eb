namespace Opsmeter.Web.Demo;

/// <summary>The invented company behind the demo: its features, and the names that the story is told with.</summary>
public static class DemoCompany
{
    /// <summary>The feature that runs away.</summary>
    public const string Runaway = "agents.research";

    /// <summary>The model that the runaway calls.</summary>
    public const string RunawayModel = "gpt-5";

    /// <summary>The deploy that set it off, and the one that ended it.</summary>
    public const string BadVersion = "v14";

    public const string FixedVersion = "v15";

    /// <summary>The deploy that the live demo starts with, and that runs away again.</summary>
    public const string LiveVersion = "v16";

    /// <summary>The customer behind most of the spike.</summary>
    public const string LoudTenant = "tenant_acme_hash";

    /// <summary>A model of its own that no catalogue has a price for.</summary>
    public static readonly DemoModel Unpriced = new("acme", "acme-llm-internal");

    private static readonly DemoModel Gpt5 = new("openai", RunawayModel);
    private static readonly DemoModel Gpt5Mini = new("openai", "gpt-5-mini");
    private static readonly DemoModel Gpt41Mini = new("openai", "gpt-4.1-mini");
    private static readonly DemoModel Sonnet = new("anthropic", "claude-sonnet-4-5");
    private static readonly DemoModel Haiku = new("anthropic", "claude-haiku-4-5");
    private static readonly DemoModel Flash = new("google", "gemini-2.5-flash");
    private static readonly DemoModel Pro = new("google", "gemini-2.5-pro");
    private static readonly DemoModel Mistral = new("mistral", "mistral-small-latest");

    public static readonly IReadOnlyList<DemoEndpoint> Endpoints =
    [
        new()
        {
            Tag = "chat.reply", Share = 0.26, InputTokens = 4_200, OutputTokens = 620, Cached = 0.45,
            Models = [Gpt5Mini with { Weight = 0.45 }, Haiku with { Weight = 0.3 }, Sonnet with { Weight = 0.25 }],
            Versions = [("v31", 0), ("v32", 0.22), ("v33", 0.55), ("v34", 0.9)],
        },
        new()
        {
            Tag = "search.rerank", Share = 0.19, InputTokens = 3_400, OutputTokens = 60, Spread = 0.3,
            Models = [Gpt41Mini with { Weight = 0.7 }, Flash with { Weight = 0.3 }],
            Versions = [("v5", 0), ("v6", 0.4)],
        },
        new()
        {
            Tag = "summarise.thread", Share = 0.14, InputTokens = 9_500, OutputTokens = 700, Spread = 0.7,
            Models = [Sonnet with { Weight = 0.4 }, Pro with { Weight = 0.25 }, Flash with { Weight = 0.35 }],
            Versions = [("v9", 0), ("v10", 0.3), ("v11", 0.72)],
        },
        new()
        {
            Tag = "billing.guardrail_check", Share = 0.11, InputTokens = 1_500, OutputTokens = 90, Spread = 0.3, Cached = 0.6,
            Models = [Haiku],
            Versions = [("v3", 0), ("v4", 0.6)],
        },
        new()
        {
            Tag = "classify.ticket", Share = 0.08, InputTokens = 1_100, OutputTokens = 40, Spread = 0.4,
            Models = [Gpt5Mini with { Weight = 0.6 }, Mistral with { Weight = 0.4 }],
            Versions = [("v7", 0), ("v8", 0.5)],
        },
        new()
        {
            Tag = "translate.message", Share = 0.06, InputTokens = 700, OutputTokens = 650, Spread = 0.6,
            Models = [Mistral],
            Versions = [("v2", 0), ("v3", 0.8)],
        },
        new()
        {
            Tag = "extract.invoice", Share = 0.045, InputTokens = 5_200, OutputTokens = 900, Spread = 0.4,
            Models = [Pro],
            Versions = [("v12", 0), ("v13", 0.35), ("v14", 0.66)],
        },
        new()
        {
            Tag = Runaway, Share = 0.04, InputTokens = 17_000, OutputTokens = 2_600, Spread = 0.6, Cached = 0.3,
            Models = [Gpt5 with { Weight = 0.75 }, Sonnet with { Weight = 0.25 }],
            Versions = [("v11", 0), ("v12", 0.25), ("v13", 0.58)],
        },
        new()
        {
            Tag = "support.draft", Share = 0.03, InputTokens = 3_800, OutputTokens = 800, Cached = 0.4,
            Models = [Gpt5],
            Versions = [("v17", 0), ("v18", 0.48)],
        },
        new()
        {
            Tag = "moderation.check", Share = 0.02, InputTokens = 600, OutputTokens = 15, Spread = 0.3, HasTenant = false,
            Models = [Flash],
            Versions = [("v1", 0), ("v2", 0.33)],
        },
        new()
        {
            Tag = "agents.code_review", Share = 0.015, InputTokens = 13_000, OutputTokens = 1_700, Spread = 0.7, Cached = 0.5,
            Models = [Sonnet],
            Versions = [("v4", 0), ("v5", 0.45)],
        },
        new()
        {
            Tag = "onboarding.tips", Share = 0.01, InputTokens = 900, OutputTokens = 300,
            Models = [Gpt41Mini],
            Versions = [("v1", 0), ("v2", 0.2)],
        },
    ];
}
