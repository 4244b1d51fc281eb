using System.Security.Cryptography;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Demo;

/// <summary>
/// The demo's way in, and a colleague who is told where the owner of a budget does not answer. Configuration that makes
/// another admin wins.
/// </summary>
public static class DemoAccount
{
    /// <summary>The colleague's e-mail; nobody knows the password.</summary>
    public const string Backup = "on-call@example.com";

    private const string Actor = "demo";
    private const int PasswordBytes = 24;

    /// <summary>Makes the demo's admin where nobody can sign in yet, and the colleague.</summary>
    public static async Task EnsureAsync(Members members)
    {
        if (!await members.AnyAsync())
        {
            Check(await members.CreateFirstAsync(DemoState.Email, DemoState.Password, Actor));
        }

        var unknown = Convert.ToHexString(RandomNumberGenerator.GetBytes(PasswordBytes));
        Check(await members.CreateAsync(Store.WorkspaceId, Backup, unknown, Role.PolicyOwner, Actor));
    }

    private static void Check(IReadOnlyDictionary<string, string[]> wrong)
    {
        if (wrong.Count > 0)
        {
            throw new StoreException("The demo's account could not be made: " + string.Join(' ', wrong.Values.SelectMany(text => text)));
        }
    }
}
