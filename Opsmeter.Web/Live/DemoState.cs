namespace Opsmeter.Web.Live;

/// <summary>Whether this is the demo, and how far its invented month is loaded.</summary>
public sealed class DemoState
{
    /// <summary>Whom the sign-in page of the demo fills in: its data is invented, so its way in may be known to everyone.</summary>
    public const string Email = "demo@example.com";

    /// <summary>The password that goes with it.</summary>
    public const string Password = "a-month-of-invented-traffic";

    private int _loaded;

    /// <summary>True with <c>--demo</c>.</summary>
    public bool IsDemo { get; init; }

    /// <summary>Requests loaded so far.</summary>
    public int Loaded
    {
        get => Volatile.Read(ref _loaded);
        set => Volatile.Write(ref _loaded, value);
    }

    /// <summary>About how many there will be; 0 when nothing is being loaded.</summary>
    public int Total { get; set; }

    /// <summary>True while the month is being loaded.</summary>
    public bool IsLoading => Total > Loaded;
}
