namespace Opsmeter.Core.Budgets;

/// <summary>
/// What a degraded caller is told to do. A field left null is the caller's own choice; a mode with no field set still
/// degrades.
/// </summary>
public sealed record DegradedMode
{
    /// <summary>A mode that leaves everything to the caller.</summary>
    public static readonly DegradedMode CallersChoice = new();

    /// <summary>The fallback model, or null.</summary>
    public string? Model { get; init; }

    /// <summary>The most output tokens to ask for, above zero, or null.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>The most input tokens to send, above zero, or null.</summary>
    public int? MaxInputTokens { get; init; }

    /// <summary>True when tools are off.</summary>
    public bool DisableTools { get; init; }

    /// <summary>The only tools allowed, or null for no such list.</summary>
    public IReadOnlyList<string>? AllowedTools { get; init; }

    /// <inheritdoc />
    public bool Equals(DegradedMode? other) =>
        other is not null && Model == other.Model && MaxOutputTokens == other.MaxOutputTokens
        && MaxInputTokens == other.MaxInputTokens && DisableTools == other.DisableTools
        && (AllowedTools ?? []).SequenceEqual(other.AllowedTools ?? [], StringComparer.Ordinal)
        && (AllowedTools is null) == (other.AllowedTools is null);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Model, MaxOutputTokens, MaxInputTokens, DisableTools);
}
