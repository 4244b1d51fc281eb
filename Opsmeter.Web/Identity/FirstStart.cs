using Microsoft.Extensions.Options;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>Does what configuration asks for on an empty store.</summary>
public sealed class FirstStart(Members members, ApiKeys keys, IOptions<SetUpOptions> options)
{
    private const string Actor = "configuration";

    /// <summary>Makes the admin and the key that were asked for.</summary>
    /// <exception cref="StoreException">One of them cannot be made; the message names the setting.</exception>
    public async Task ApplyAsync()
    {
        var setUp = options.Value;
        if (setUp.AdminEmail is { Length: > 0 } email && !await members.AnyAsync())
        {
            var wrong = await members.CreateFirstAsync(email, setUp.AdminPassword!, Actor);
            if (wrong.Count > 0)
            {
                throw new StoreException("Setup__AdminEmail or Setup__AdminPassword: " + string.Join(' ', wrong.Values.SelectMany(text => text)));
            }
        }

        if (setUp.ApiKey is { Length: > 0 } key && (await keys.ListAsync(Store.WorkspaceId)).Count == 0)
        {
            await keys.CreateAsync(Store.WorkspaceId, "Set-up key", KeyScopes.All, null, null, Actor, key);
        }
    }
}
