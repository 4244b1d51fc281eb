using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Demo;

/// <summary>
/// The demo's way in. Configuration that makes another admin wins.
/// </summary>
public static class DemoAccount
{
    /// <summary>Makes the demo's admin where nobody can sign in yet.</summary>
    public static async Task EnsureAsync(Members members)
    {
        if (await members.AnyAsync())
        {
            return;
        }

        var wrong = await members.CreateFirstAsync(DemoState.Email, DemoState.Password, "demo");
        if (wrong.Count > 0)
        {
            throw new StoreException("The demo's account could not be made: " + string.Join(' ', wrong.Values.SelectMany(text => text)));
        }
    }
}
