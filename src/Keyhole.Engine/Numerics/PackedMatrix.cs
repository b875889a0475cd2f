namespace Keyhole.Engine.Numerics;

/// <summary>Fills <paramref name="destination"/> with rows [start, start + destination.Length / columns) of a matrix.</summary>
public delegate void RowReader(int start, Span<float> destination);

/// <summary>
/// The right side of a product, W [N, K] (N outputs, K inputs), in panels of 32 outputs: panel j holds, for k = 0..K-1,
/// the 32 numbers W[32 j + 0..31, k] side by side. The last panel is padded with zeros.
/// </summary>
/// <remarks>The kernels read a panel from its start to its end, whatever their vector width.</remarks>
public sealed unsafe class PackedMatrix : IDisposable
{
    /// <summary>Outputs a panel.</summary>
    public const int PanelWidth = 32;

    private readonly AlignedBuffer _buffer;
    private readonly BufferPool? _pool;
    private bool _disposed;

    /// <summary>Allocates an empty packed matrix; <see cref="PackRows"/> fills it, and must fill it all before it is used.</summary>
    /// <param name="outputs">N.</param>
    /// <param name="inputs">K.</param>
    public PackedMatrix(int outputs, int inputs)
        : this(outputs, inputs, null)
    {
    }

    /// <summary>The same, in memory of a pool that gets it back.</summary>
    internal PackedMatrix(int outputs, int inputs, BufferPool? pool)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outputs);
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        Outputs = outputs;
        Inputs = inputs;
        _pool = pool;
        long floats = FloatCount(outputs, inputs);
        _buffer = pool?.Rent(floats) ?? new AlignedBuffer(floats, cleared: false);
        if (outputs % PanelWidth != 0)   // the padding of the last panel
        {
            int panel = PanelWidth * inputs;
            _buffer.Span(floats - panel, panel).Clear();
        }
    }

    /// <summary>N, the number of outputs.</summary>
    public int Outputs { get; }

    /// <summary>K, the number of inputs.</summary>
    public int Inputs { get; }

    /// <summary>Number of panels.</summary>
    public int PanelCount => (Outputs + PanelWidth - 1) / PanelWidth;

    /// <summary>Floats that a packed [outputs, inputs] matrix takes.</summary>
    public static long FloatCount(int outputs, int inputs)
        => (long)((outputs + PanelWidth - 1) / PanelWidth) * PanelWidth * inputs;

    /// <summary>Packs a whole matrix that is given row by row.</summary>
    /// <param name="outputs">N.</param>
    /// <param name="inputs">K.</param>
    /// <param name="read">Reads rows of W [N, K].</param>
    public static PackedMatrix Pack(int outputs, int inputs, RowReader read)
    {
        var packed = new PackedMatrix(outputs, inputs);
        packed.PackRows(0, outputs, read);
        return packed;
    }

    /// <summary>Packs a dense W [N, K].</summary>
    public static PackedMatrix Pack(MatrixView weights)
        => Pack(weights.Rows, weights.Columns, (start, destination) =>
        {
            for (int row = 0; row * weights.Columns < destination.Length; row++)
            {
                weights.Row(start + row).CopyTo(destination.Slice(row * weights.Columns, weights.Columns));
            }
        });

    /// <summary>Panel <paramref name="panel"/>, shape [K, 32].</summary>
    internal float* Panel(int panel) => _buffer.Start + ((long)panel * PanelWidth * Inputs);

    /// <summary>Packs outputs [first, first + count), row 0 of <paramref name="read"/> being output <paramref name="first"/>.</summary>
    /// <remarks>Several matrices can be packed side by side (query, key and value), and parts may be packed by different threads
    /// where <paramref name="first"/> and the end are multiples of 32.</remarks>
    public void PackRows(int first, int count, RowReader read)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, Outputs);
        if (Inputs == 0)
        {
            return;
        }

        var rows = new float[PanelWidth * Inputs];   // up to 32 rows of W, dense
        for (int done = 0; done < count;)
        {
            int output = first + done;
            int lane = output % PanelWidth;
            int n = Math.Min(PanelWidth - lane, count - done);
            read(done, rows.AsSpan(0, n * Inputs));
            fixed (float* source = rows)
            {
                PanelTranspose.Write(source, Inputs, n, Inputs, Panel(output / PanelWidth) + lane);
            }

            done += n;
        }
    }

    /// <summary>Writes the packed matrix back as row <paramref name="output"/> of W, for tests and readouts of single keys.</summary>
    public void CopyRow(int output, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, Outputs);
        float* panel = Panel(output / PanelWidth) + (output % PanelWidth);
        for (int k = 0; k < Inputs; k++)
        {
            destination[k] = panel[(long)k * PanelWidth];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_pool is null)
        {
            _buffer.Dispose();
        }
        else
        {
            _pool.Return(_buffer);
        }
    }
}
