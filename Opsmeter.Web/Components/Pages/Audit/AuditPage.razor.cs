using System.Globalization;
using Microsoft.AspNetCore.Components;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Audit;

/// <summary>Who did what, newest first. What is asked for is in the address, so that it can be sent to someone.</summary>
public sealed partial class AuditPage(AuditLog log, AuditSeals seals, NavigationManager navigation, ILogger<AuditPage> logger)
{
    private static readonly Choice<string>[] Kinds =
    [
        new("", "Everything"), new("budget", "Budgets"), new("tier", "Tiers"), new("containment", "Containments"), new("holds", "Holds"),
        new("request", "Requests"), new("settings", "Settings"), new("policy", "Policy"), new("key", "API keys"), new("member", "Members"),
    ];

    private IReadOnlyList<AuditItem>? _items;
    private IReadOnlyDictionary<string, string[]> _errors = new Dictionary<string, string[]>();
    private bool _problem;
    private AuditCheck? _check;
    private bool _isChecking;

    /// <summary>Text to find anywhere.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    /// <summary>What the kind of act begins with.</summary>
    [SupplyParameterFromQuery(Name = "action")]
    public string? Kind { get; set; }

    /// <summary>A part of who did it.</summary>
    [SupplyParameterFromQuery(Name = "actor")]
    public string? Actor { get; set; }

    /// <summary>Exactly what it was done to.</summary>
    [SupplyParameterFromQuery(Name = "target")]
    public string? Target { get; set; }

    /// <summary>From this moment or day, inclusive.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    /// <summary>To this moment or day, exclusive.</summary>
    [SupplyParameterFromQuery(Name = "to")]
    public string? To { get; set; }

    /// <summary>Older than the act in this place.</summary>
    [SupplyParameterFromQuery(Name = "cursor")]
    public string? Cursor { get; set; }

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    private bool IsAllowed => Visitor.Can(Permission.EditPolicy);

    /// <inheritdoc />
    protected override Task OnParametersSetAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        if (!IsAllowed)
        {
            return;
        }

        try
        {
            (var query, _errors) = log.Parse(Visitor.WorkspaceId, TextOf);
            _items = await log.ReadAsync(Visitor.WorkspaceId, query, AuditApi.MostAPage + 1);
            _problem = false;
        }
        catch (Exception error)
        {
            Log.PageFailed(logger, "Audit log", "be read", error);
            _problem = true;
        }
    }

    private async Task CheckAsync()
    {
        (_isChecking, _check) = (true, null);
        try
        {
            _check = await seals.VerifyAsync(Visitor.WorkspaceId);
            _problem = false;
        }
        catch (Exception error)
        {
            Log.PageFailed(logger, "Audit log", "be checked", error);
            _problem = true;
        }

        _isChecking = false;
    }

    private string? TextOf(string name) => name switch
    {
        "q" => Filled(Text),
        "action" => Filled(Kind),
        "actor" => Filled(Actor),
        "target" => Filled(Target),
        "from" => Filled(From),
        "to" => Filled(To),
        "cursor" => Filled(Cursor),
        _ => null,
    };

    private void GoWith(string what, ChangeEventArgs change)
    {
        var text = change.Value as string;
        switch (what)
        {
            case nameof(Text): Text = text; break;
            case nameof(Kind): Kind = text; break;
            case nameof(Actor): Actor = text; break;
            case nameof(From): From = text; break;
            default: To = text; break;
        }

        navigation.NavigateTo(Address("audit", null));
    }

    private string Address(string page, long? cursor, bool withTarget = true) => navigation.GetUriWithQueryParameters(
        navigation.ToAbsoluteUri(page).ToString(),
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["q"] = Filled(Text), ["action"] = Filled(Kind), ["actor"] = Filled(Actor), ["target"] = withTarget ? Filled(Target) : null,
            ["from"] = Filled(From), ["to"] = Filled(To), ["cursor"] = cursor?.ToString(CultureInfo.InvariantCulture),
        });

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
