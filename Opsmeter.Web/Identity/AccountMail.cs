namespace Opsmeter.Web.Identity;

/// <summary>How mail about accounts goes out.</summary>
/// <param name="Base">Where people open the product; links in mail go nowhere else, whatever a request calls this host.</param>
/// <param name="SendAsync">Sends a text to an address under a subject; what went wrong, or null. Null where no mail can be sent.</param>
public sealed record AccountMail(Uri? Base, Func<string, string, string, Task<string?>>? SendAsync)
{
    /// <summary>True where mail with links can be sent: a mail server and the product's own address are known.</summary>
    public bool IsSet => Base is not null && SendAsync is not null;
}
