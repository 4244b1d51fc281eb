namespace Opsmeter.Web.Policy;

/// <summary>Registers what edits the policy.</summary>
public static class PolicyServices
{
    public static IServiceCollection AddPolicy(this IServiceCollection services)
    {
        services.AddSingleton<BudgetPolicies>();
        services.AddSingleton<TierPolicies>();
        services.AddSingleton<RequestCorrections>();
        services.AddSingleton<WorkspacePolicies>();
        services.AddSingleton<Replays>();
        services.AddSingleton<PolicyLints>();
        services.AddSingleton<PolicyDocuments>();
        services.AddSingleton<PolicyStarter>();
        services.AddSingleton<TierMoves>();
        services.AddSingleton<CapAdvisor>();
        services.AddSingleton<AlertPolicies>();
        services.AddSingleton<ChannelPolicies>();
        services.AddSingleton<WeeklyReviews>();
        services.AddSingleton<ReviewSuggestions>();
        services.AddSingleton<EscalationPolicies>();
        services.AddSingleton<Successions>();
        services.AddHostedService<PolicyFile>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditSeals>();
        services.AddHostedService<AuditSealer>();
        services.AddSingleton<ContainmentPolicies>();
        services.AddHostedService<IncreaseEnds>();
        return services;
    }
}
