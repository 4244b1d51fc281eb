namespace Opsmeter.Web.Policy;

/// <summary>A document of the policy with its version, which goes up by one with every change.</summary>
public sealed record Versioned<T>(T Document, int Version)
{
    /// <summary>The version as HTTP has it.</summary>
    public string ETag => $"\"{Version}\"";
}
