using Keyhole.Engine.Readouts;

namespace Keyhole.Values;

/// <summary>How values are read.</summary>
public sealed record ValueOptions
{
    /// <summary><see cref="Readout.Folded"/> or <see cref="Readout.Raw"/>.</summary>
    public Readout Readout { get; init; } = Readout.Folded;

    /// <summary>Tokens kept at each end.</summary>
    public int Top { get; init; } = 30;

    /// <summary>Worker threads. Change no result.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes of value vectors that are read out at a time, one layer at least. Change no result.</summary>
    public long BatchBytes { get; init; } = 64L << 20;
}
