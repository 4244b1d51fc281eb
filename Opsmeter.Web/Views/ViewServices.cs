namespace Opsmeter.Web.Views;

/// <summary>Registers the views that members keep.</summary>
public static class ViewServices
{
    /// <summary>Adds them.</summary>
    public static IServiceCollection AddViews(this IServiceCollection services) => services.AddSingleton<SavedViews>();
}
