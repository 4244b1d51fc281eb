using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>Somebody who is to be invited.</summary>
internal sealed record WantedMember(string Email, Role Role);
