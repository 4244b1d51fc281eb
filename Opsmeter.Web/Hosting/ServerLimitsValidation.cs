using Microsoft.Extensions.Options;

namespace Opsmeter.Web.Hosting;

/// <summary>Checks the limits when the server starts, and names every key that is wrong.</summary>
public sealed class ServerLimitsValidation : IValidateOptions<ServerLimits>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, ServerLimits options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        Check(nameof(options.MaxHeaders), options.MaxHeaders, 10, 1_000);
        Check(nameof(options.MaxHeaderBytes), options.MaxHeaderBytes, 4 * 1024, 1024 * 1024);
        Check(nameof(options.MaxRequestLineBytes), options.MaxRequestLineBytes, 1024, 64 * 1024);
        Check(nameof(options.MaxBodyBytes), options.MaxBodyBytes, 16 * 1024, 512 * 1024 * 1024);
        Check(nameof(options.MinBodyBytesPerSecond), options.MinBodyBytesPerSecond, 1, 1_000_000);
        Check(nameof(options.BodyGraceSeconds), options.BodyGraceSeconds, 2, 600);
        Check(nameof(options.HeaderSeconds), options.HeaderSeconds, 1, 600);
        Check(nameof(options.KeepAliveSeconds), options.KeepAliveSeconds, 1, 3_600);
        Check(nameof(options.MaxConnections), options.MaxConnections, 10, 1_000_000);
        Check(nameof(options.MaxUpgradedConnections), options.MaxUpgradedConnections, 1, 1_000_000);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string key, int value, int min, int max)
        {
            if (value < min || value > max)
            {
                failures.Add($"{ServerLimits.Section}:{key} must be from {min} to {max}.");
            }
        }
    }
}
