namespace Opsmeter.Web.Alerts;

/// <summary>What came of an attempt to deliver a message.</summary>
/// <param name="Status">The receiver's status; null where it answered none.</param>
/// <param name="Error">What went wrong, in a sentence; null where it was taken.</param>
/// <param name="IsFinal">True where another attempt would fail as well.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone; null where it does not say.</param>
public sealed record DeliveryResult(int? Status, string? Error = null, bool IsFinal = false, TimeSpan? RetryAfter = null)
{
    /// <summary>True where the receiver took it.</summary>
    public bool IsTaken => Error is null;
}

/// <summary>Where a message goes.</summary>
/// <param name="Channel">The channel; for a member's mail one of the kind e-mail.</param>
/// <param name="Secrets">Its secrets, the newest first.</param>
public sealed record DeliveryTarget(Documents.ChannelDocument Channel, IReadOnlyList<string> Secrets);
