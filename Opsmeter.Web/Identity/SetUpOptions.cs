using Microsoft.Extensions.Options;
using Opsmeter.Core.Metering;

namespace Opsmeter.Web.Identity;

/// <summary>Automated set-up, configuration section <c>Setup</c>: read once, while the store is empty.</summary>
public sealed class SetUpOptions
{
    public const string Section = "Setup";

    /// <summary>The first admin's e-mail; goes with <see cref="AdminPassword"/>.</summary>
    public string? AdminEmail { get; set; }

    /// <summary>The first admin's password.</summary>
    public string? AdminPassword { get; set; }

    /// <summary>A key with every scope: any text that begins with <c>opm_</c> and has 32 characters or more.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The workspace's IANA time zone; UTC unless given.</summary>
    public string? TimeZone { get; set; }

    /// <summary>The code that the set-up page asks for; random and in the log unless given.</summary>
    public string? Code { get; set; }

    /// <summary>Names every value that is wrong, and quotes none of them: they are secrets.</summary>
    internal sealed class Validation : IValidateOptions<SetUpOptions>
    {
        /// <inheritdoc />
        public ValidateOptionsResult Validate(string? name, SetUpOptions options)
        {
            var failures = new List<string>();
            if (string.IsNullOrEmpty(options.AdminEmail) != string.IsNullOrEmpty(options.AdminPassword))
            {
                failures.Add("Setup__AdminEmail and Setup__AdminPassword go together; one of them is missing.");
            }

            if (options.AdminPassword is { Length: > 0 } password && PasswordRules.Check(password, options.AdminEmail) is { } weak)
            {
                failures.Add($"Setup__AdminPassword: {weak}");
            }

            if (options.ApiKey is { Length: > 0 } key && !ApiKeyText.IsWellFormed(key))
            {
                failures.Add("Setup__ApiKey must begin with opm_ and have 32 to 200 printable characters without spaces.");
            }

            if (options.TimeZone is { Length: > 0 } zone && !TimeZones.TryFind(zone, out _))
            {
                failures.Add("Setup__TimeZone must be an IANA time zone, such as Europe/Berlin.");
            }

            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }
    }
}
