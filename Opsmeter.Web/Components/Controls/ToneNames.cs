namespace Opsmeter.Web.Components.Controls;

/// <summary>The style class of each tone and state.</summary>
internal static class ToneNames
{
    /// <summary>The class of a tone.</summary>
    public static string Class(this Tone tone) => tone switch
    {
        Tone.Neutral => "tone-neutral",
        Tone.Ok => "tone-ok",
        Tone.Warning => "tone-warn",
        Tone.Exceeded => "tone-exceed",
        Tone.Degraded => "tone-degrade",
    };

    /// <summary>The tone of a state.</summary>
    public static Tone ToTone(this ChipState state) => state switch
    {
        ChipState.Ok => Tone.Ok,
        ChipState.Warning => Tone.Warning,
        ChipState.Exceeded => Tone.Exceeded,
        ChipState.Blocking => Tone.Exceeded,
        ChipState.Degraded => Tone.Degraded,
    };

    /// <summary>The word of a state.</summary>
    public static string Text(this ChipState state) => state switch
    {
        ChipState.Ok => "OK",
        ChipState.Warning => "Warning",
        ChipState.Exceeded => "Exceeded",
        ChipState.Blocking => "Blocking",
        ChipState.Degraded => "Degraded",
    };
}
