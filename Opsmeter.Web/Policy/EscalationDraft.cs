using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>An escalation while it is being written.</summary>
public sealed class EscalationDraft
{
    public string? Name { get; set; }
    public List<EscalationStepDraft> Steps { get; set; } = [];
    public List<EscalationStepDraft> FastSteps { get; set; } = [];

    /// <summary>A draft that says what an escalation says, to be changed.</summary>
    public static EscalationDraft Of(EscalationDocument escalation) => new()
    {
        Name = escalation.Name,
        Steps = [.. escalation.Steps.Select(step => new EscalationStepDraft { AfterMinutes = step.AfterMinutes, Notify = step.Notify })],
        FastSteps = [.. escalation.FastSteps.Select(step => new EscalationStepDraft { AfterMinutes = step.AfterMinutes, Notify = step.Notify })],
    };
}

/// <summary>A step while it is being written.</summary>
public sealed class EscalationStepDraft
{
    public int? AfterMinutes { get; set; }
    public string? Notify { get; set; }
}
