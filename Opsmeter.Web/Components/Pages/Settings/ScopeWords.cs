using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>Says what a key may do.</summary>
internal static class ScopeWords
{
    /// <summary>Every scope, with what it is for.</summary>
    public static readonly IReadOnlyList<(KeyScopes Scope, string Name, string Meaning)> All =
    [
        (KeyScopes.Ingest, "ingest", "Report requests."),
        (KeyScopes.Decide, "decide", "Ask before a call: allow, degrade or block."),
        (KeyScopes.Read, "read", "Read reports and states."),
        (KeyScopes.Manage, "manage", "Change budgets, tiers and settings."),
    ];

    /// <summary>The same, to choose from.</summary>
    public static readonly IReadOnlyList<Choice<KeyScopes>> Choices =
        [.. All.Select(entry => new Choice<KeyScopes>(entry.Scope, $"{entry.Name}: {entry.Meaning}"))];

    /// <summary>The scopes by name.</summary>
    public static string Of(KeyScopes scopes) =>
        string.Join(", ", All.Where(entry => scopes.HasFlag(entry.Scope)).Select(entry => entry.Name));
}
