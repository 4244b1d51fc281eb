using Opsmeter.Core;
using Opsmeter.Core.Decisions;

namespace Opsmeter.Web.Storage;

/// <summary>What a caller asks to have held.</summary>
/// <param name="ExternalId">The id that its request will have.</param>
/// <param name="Amount">What it may cost.</param>
/// <param name="Basis">Where that comes from.</param>
/// <param name="For">How long it is held at most.</param>
public sealed record HoldAsk(string ExternalId, Usd Amount, HoldBasis Basis, TimeSpan For);

/// <summary>A decision, and the hold that was taken with it.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Hold">The hold; null where none was taken.</param>
public sealed record HeldDecision(Decision Decision, Hold? Hold);
