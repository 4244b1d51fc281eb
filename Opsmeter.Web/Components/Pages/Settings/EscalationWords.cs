using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>Says what escalations do.</summary>
internal static class EscalationWords
{
    /// <summary>A step in words.</summary>
    public static string Of(EscalationStepDocument step)
    {
        var who = step.Notify switch
        {
            EscalationStepDocument.Owner => "the budget's owner",
            EscalationStepDocument.Backup => "its backup",
            _ => step.Notify,
        };
        return step.AfterMinutes == 0 ? $"at once: {who}"
            : step.AfterMinutes % 60 == 0 ? $"after {step.AfterMinutes / 60} h: {who}"
            : $"after {step.AfterMinutes} min: {who}";
    }
}
