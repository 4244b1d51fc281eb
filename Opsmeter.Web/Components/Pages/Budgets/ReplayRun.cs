using Opsmeter.Core.Budgets;
using Opsmeter.Core.Replay;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>What a draft would have done, as the editor shows it.</summary>
/// <param name="Budget">The draft as a budget.</param>
/// <param name="Result">The replay.</param>
/// <param name="Took">How long it took.</param>
/// <param name="EndsNow">True where the range runs to this moment, so that its standings are those that saving would make.</param>
public sealed record ReplayRun(Budget Budget, ReplayResult Result, TimeSpan Took, bool EndsNow);
