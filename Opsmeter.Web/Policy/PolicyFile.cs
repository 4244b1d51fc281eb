using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>
/// Puts the policy of <c>--policy FILE</c> in force before the first request is taken. A file that says what is in force
/// changes nothing, so that the same command can be run at every start.
/// </summary>
/// <exception cref="StoreException">The file cannot be read, or says what cannot be: the process does not start.</exception>
internal sealed partial class PolicyFile(IConfiguration configuration, PolicyDocuments documents, ILogger<PolicyFile> logger) : IHostedService
{
    private const string Actor = "policy file";

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration["policy"] is not { Length: > 0 } path)
        {
            return;
        }

        var (draft, errors) = PolicyDocumentApi.Parse(
            await ReadAsync(path, cancellationToken), !string.Equals(Path.GetExtension(path), ".json", StringComparison.OrdinalIgnoreCase));
        var plan = default(PolicyPlan);
        if (draft is not null)
        {
            (plan, errors) = await documents.ApplyAsync(Store.WorkspaceId, draft, _ => true, Actor);
        }

        if (plan is null)
        {
            throw new StoreException($"The policy in {path} cannot be put in force:{string.Concat(errors.Select(error => $"\n  {error.Key}: {string.Join(' ', error.Value)}"))}");
        }

        LogApplied(logger, path, plan.Differences.Count);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The policy file {path} cannot be read. {error.Message}");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The policy in {Path} is in force; {Changes} changes were made for it")]
    private static partial void LogApplied(ILogger logger, string path, int changes);
}
