namespace Opsmeter.Core.Telemetry;

/// <summary>Where a workspace reads the tenant of a request, since many senders put it in <c>userId</c>.</summary>
public enum TenantSource
{
    /// <summary>From <c>tenantId</c>.</summary>
    TenantId,

    /// <summary>From <c>userId</c>.</summary>
    UserId,
}
