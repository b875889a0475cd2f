using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Tests.Readouts;

/// <summary>Random rows of the residual stream.</summary>
internal sealed class Vectors : IDisposable
{
    private readonly AlignedBuffer _buffer;

    private Vectors(AlignedBuffer buffer, int rows, int width)
    {
        _buffer = buffer;
        View = buffer.Matrix(rows, width);
    }

    public MatrixView View { get; }

    public static Vectors Random(int rows, int width, int seed)
    {
        var random = new Random(seed);
        var vectors = new Vectors(new AlignedBuffer((long)rows * width), rows, width);
        for (int row = 0; row < rows; row++)
        {
            foreach (ref float value in vectors.View.Row(row))
            {
                value = (float)(4 * random.NextDouble() - 1.8);
            }
        }

        return vectors;
    }

    public void Dispose() => _buffer.Dispose();
}
