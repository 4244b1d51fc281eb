using Microsoft.Extensions.Options;

namespace Opsmeter.Web.Ingest;

/// <summary>Checks the limits when the server starts, and names every key that is wrong.</summary>
public sealed class IngestLimitsValidation : IValidateOptions<IngestLimits>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, IngestLimits options)
    {
        var failures = new List<string>();
        Check(nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1024, 64 * 1024 * 1024);
        Check(nameof(options.MaxBatchBytes), options.MaxBatchBytes, 1024, 512 * 1024 * 1024);
        Check(nameof(options.MaxBatchRows), options.MaxBatchRows, 1, 1_000_000);
        Check(nameof(options.MaxDepth), options.MaxDepth, 2, 1000);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string key, int value, int min, int max)
        {
            if (value < min || value > max)
            {
                failures.Add($"{IngestLimits.Section}:{key} must be from {min} to {max}.");
            }
        }
    }
}
