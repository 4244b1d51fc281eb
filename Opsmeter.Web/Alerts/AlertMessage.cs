using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Alerts;

/// <summary>What is told, as it is kept until it was delivered. Each kind of channel writes it in its own way.</summary>
public sealed record AlertMessage
{
    /// <summary>What happened.</summary>
    public required MessageType Type { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How grave it is.</summary>
    public required MessageSeverity Severity { get; init; }

    /// <summary>It in one line.</summary>
    public required string Title { get; init; }

    /// <summary>What is known of it, as names and values.</summary>
    public IReadOnlyList<MessageFact> Facts { get; init; } = [];

    /// <summary>Who is behind it, as lists with headings.</summary>
    public IReadOnlyList<MessageList> Lists { get; init; } = [];

    /// <summary>The page that shows it; null where there is none.</summary>
    public Uri? Link { get; init; }

    /// <summary>The link that says that someone knows, without signing in; null where nobody has to.</summary>
    public Uri? AcknowledgeLink { get; init; }

    /// <summary>The same for all messages of one budget's window.</summary>
    public required string DedupKey { get; init; }

    /// <summary>All that is known of the alert, for programs; null for a test.</summary>
    public AlertItem? Alert { get; init; }
}

/// <summary>What a message tells.</summary>
public enum MessageType
{
    /// <summary>Something was raised.</summary>
    Raised,

    /// <summary>Nobody has said that they know, and the next is told.</summary>
    Escalated,

    /// <summary>Someone knows.</summary>
    Acknowledged,

    /// <summary>The state fell again.</summary>
    Recovered,

    /// <summary>The window is over.</summary>
    Closed,

    /// <summary>Nothing: a channel is tried.</summary>
    Test,

    /// <summary>What came in a day or a week.</summary>
    Digest,
}

/// <summary>How grave a message is.</summary>
public enum MessageSeverity
{
    /// <summary>Good to know.</summary>
    Info,

    /// <summary>There is time to act.</summary>
    Warning,

    /// <summary>It is past the limit, or callers are told to stop.</summary>
    Critical,
}

/// <summary>Something that is known.</summary>
public sealed record MessageFact(string Name, string Value);

/// <summary>Lines under a heading.</summary>
public sealed record MessageList(string Heading, IReadOnlyList<string> Lines);
