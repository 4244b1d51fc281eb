namespace Opsmeter.Web.Hosting;

/// <summary>
/// What one connection, and all of them together, may take of the server; configuration section <c>Limits</c>. A sender that
/// is slower or asks for more is answered 408, 413, 414 or 431 where it can be, and its connection is closed. The bodies of
/// telemetry have limits of their own, see section <c>Ingest</c>.
/// </summary>
public sealed class ServerLimits
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Limits";

    /// <summary>Headers of a request, from 10 to 1,000: 64, several times what a browser behind two proxies sends.</summary>
    public int MaxHeaders { get; set; } = 64;

    /// <summary>Bytes of all headers together, from 4 KiB to 1 MiB: 32 KiB, room for cookies and a proxy's tokens.</summary>
    public int MaxHeaderBytes { get; set; } = 32 * 1024;

    /// <summary>Bytes of the line that names the method and address, from 1 KiB to 64 KiB: 8 KiB, a view with long filters.</summary>
    public int MaxRequestLineBytes { get; set; } = 8 * 1024;

    /// <summary>Bytes of a body where no route says otherwise, such as a form's, from 16 KiB to 512 MiB: 1 MiB.</summary>
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>Bytes a second that a body must bring in the mean, from 1 to 1,000,000: 240, slower than any modem.</summary>
    public int MinBodyBytesPerSecond { get; set; } = 240;

    /// <summary>Seconds before that is asked of a body, from 2 to 600: 5.</summary>
    public int BodyGraceSeconds { get; set; } = 5;

    /// <summary>Seconds in which a request's headers must be there once they began, from 1 to 600: 10.</summary>
    public int HeaderSeconds { get; set; } = 10;

    /// <summary>Seconds that a connection may be without a request, from 1 to 3,600: 120, above what proxies keep one for.</summary>
    public int KeepAliveSeconds { get; set; } = 120;

    /// <summary>Connections at once, from 10 to 1,000,000: 10,000; more are closed as they come. Each takes a file handle and some kilobytes.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Of them open pages and hub clients, whose connections live on as WebSockets, from 1 to 1,000,000: 2,000.</summary>
    public int MaxUpgradedConnections { get; set; } = 2_000;
}
