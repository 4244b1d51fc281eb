namespace Opsmeter.Web.Demo;

/// <summary>A model that the invented company calls, and how often against an endpoint's other models.</summary>
public sealed record DemoModel(string Provider, string Name, double Weight = 1);
