using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>A key that someone wants to be made; <paramref name="Days"/> is null for one that never expires, <paramref name="RequestsPerMinute"/> for no limit.</summary>
internal sealed record WantedKey(string Name, KeyScopes Scopes, DeploymentEnvironment? Environment, int? Days, int? RequestsPerMinute);
