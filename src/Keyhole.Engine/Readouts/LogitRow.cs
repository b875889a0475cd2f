namespace Keyhole.Engine.Readouts;

/// <summary>Keeps all z of a single row.</summary>
/// <param name="vocabulary">V.</param>
internal sealed class LogitRow(int vocabulary) : IStripSink
{
    /// <summary>z, [V].</summary>
    public float[] Logits { get; } = new float[vocabulary];

    /// <inheritdoc/>
    public void Add(int row, Span<float> strip, int firstToken) => strip.CopyTo(Logits.AsSpan(firstToken));
}
