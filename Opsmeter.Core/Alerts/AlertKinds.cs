namespace Opsmeter.Core.Alerts;

/// <summary>Kinds of alerts together.</summary>
/// <param name="Bits">A bit for each kind, at its value.</param>
public readonly record struct AlertKinds(int Bits)
{
    /// <summary>No kind.</summary>
    public static readonly AlertKinds None;

    /// <summary>True when there is none.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>The gravest of them.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public AlertKind Gravest => All.Last();

    /// <summary>Each of them, the gravest last.</summary>
    public IEnumerable<AlertKind> All => Enum.GetValues<AlertKind>().Where(Contains);

    /// <summary>True when a kind is among them.</summary>
    public bool Contains(AlertKind kind) => (Bits & (1 << (int)kind)) != 0;

    /// <summary>With one more.</summary>
    public AlertKinds With(AlertKind kind) => new(Bits | (1 << (int)kind));

    /// <summary>Without those that others have.</summary>
    public AlertKinds Except(AlertKinds others) => new(Bits & ~others.Bits);
}
