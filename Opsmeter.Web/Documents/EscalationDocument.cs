namespace Opsmeter.Web.Documents;

/// <summary>Who is told when, until someone says that they know.</summary>
public sealed record EscalationDocument
{
    /// <summary>The name of the escalation that always exists.</summary>
    public const string DefaultName = "default";

    public string Id { get; init; } = "";
    public required string Name { get; init; }

    /// <summary>The steps, in order of their delays.</summary>
    public required IReadOnlyList<EscalationStepDocument> Steps { get; init; }

    /// <summary>The steps where most of the spend is of a Tier 1 endpoint; empty for the same.</summary>
    public IReadOnlyList<EscalationStepDocument> FastSteps { get; init; } = [];

    /// <summary>The owner at once, the backup after a quarter of an hour; sooner for Tier 1.</summary>
    public static EscalationDocument Default { get; } = new()
    {
        Id = "esc_default",
        Name = DefaultName,
        Steps = [new(0, EscalationStepDocument.Owner), new(15, EscalationStepDocument.Backup)],
        FastSteps = [new(0, EscalationStepDocument.Owner), new(5, EscalationStepDocument.Backup)],
    };
}

/// <summary>A step of an escalation.</summary>
/// <param name="AfterMinutes">How long after the first message, in minutes.</param>
/// <param name="Notify"><c>owner</c>, <c>backup</c>, a channel's name or a member's e-mail.</param>
public sealed record EscalationStepDocument(int AfterMinutes, string Notify)
{
    public const string Owner = "owner";
    public const string Backup = "backup";
}
