using Microsoft.AspNetCore.Components;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Pages.Account;

/// <summary>What members do with their own account.</summary>
public sealed partial class AccountPage(MemberRoll roll)
{
    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;
}
