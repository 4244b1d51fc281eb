using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;

namespace Opsmeter.Tests.Support;

/// <summary>People of a product that runs in this process: they sign in, or are there as the pages see them.</summary>
internal static class TestAccounts
{
    public const string AdminEmail = "lead@example.com";
    public const string Password = "three quiet orange trains";
    public const string OtherPassword = "four loud green boats";

    /// <summary>A product with an admin.</summary>
    public static TestOpsmeter WithAdmin(this TestOpsmeter opsmeter)
    {
        opsmeter.Settings["Setup:AdminEmail"] = AdminEmail;
        opsmeter.Settings["Setup:AdminPassword"] = Password;
        return opsmeter;
    }

    /// <summary>A browser without scripts.</summary>
    public static HttpClient Browser(this TestOpsmeter opsmeter, string scheme = "http", string host = "localhost") =>
        opsmeter.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, BaseAddress = new Uri($"{scheme}://{host}/") });

    /// <summary>Signs in by the form.</summary>
    public static Task<(int Status, string? Location, string Text)> SignInAsync(this HttpClient browser, string email = AdminEmail, string password = Password) =>
        new PageVisitor(browser).SubmitAsync("/account/sign-in", ("Input.Email", email), ("Input.Password", password));

    /// <summary>True while the browser is signed in.</summary>
    public static async Task<bool> IsInAsync(this HttpClient browser) => (await new PageVisitor(browser).OpenAsync("/account")).Status == 200;

    /// <summary>Somebody as the pages see them, in a session of their own.</summary>
    public static async Task<Visitor> VisitAsync(this TestOpsmeter opsmeter, string email = AdminEmail)
    {
        var id = await opsmeter.MemberIdAsync(email);
        var session = await opsmeter.Services.GetRequiredService<MemberSessions>().OpenAsync(id, "127.0.0.1", "a test", "password");
        return (await opsmeter.Services.GetRequiredService<MemberRoll>().FindAsync(session!))!;
    }

    /// <summary>Makes a member with a password.</summary>
    public static async Task<string> EnrolAsync(this TestOpsmeter opsmeter, string email, Role role, int workspaceId = Store.WorkspaceId)
    {
        var wrong = await opsmeter.Services.GetRequiredService<Members>().CreateAsync(workspaceId, email, OtherPassword, role, "test");
        return wrong.Count == 0 ? await opsmeter.MemberIdAsync(email) : throw new InvalidOperationException(string.Join(' ', wrong.Values.SelectMany(text => text)));
    }

    /// <summary>A member's id.</summary>
    public static async Task<string> MemberIdAsync(this TestOpsmeter opsmeter, string email)
    {
        await using var db = await opsmeter.Services.GetRequiredService<IDbContextFactory<OpsmeterDb>>().CreateDbContextAsync();
        return await db.Users.Where(row => row.Email == email).Select(row => row.Id).SingleAsync();
    }
}
