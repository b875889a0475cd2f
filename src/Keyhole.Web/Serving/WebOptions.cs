using System.Net;

namespace Keyhole.Web.Serving;

/// <summary>What a server shows, and to whom.</summary>
public sealed record WebOptions
{
    /// <summary>The port that is taken where none is asked for.</summary>
    public const int DefaultPort = 8642;

    /// <summary>The study's file.</summary>
    public required string Study { get; init; }

    /// <summary>The study's model: a folder or file; null for where it was when the study was mined, and to do without where it is no longer there.</summary>
    public string? Model { get; init; }

    /// <summary>Port; 0 for any that is free.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Address to listen on. Any but a loopback address needs a token in the link, which is made when the server starts.</summary>
    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <summary>Worker threads of a computation.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
