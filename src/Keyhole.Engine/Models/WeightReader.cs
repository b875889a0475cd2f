using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>Reads tensors of a checkpoint in the form that the forward pass wants.</summary>
/// <param name="checkpoint">The checkpoint.</param>
/// <param name="pool">Memory of packed weights that come and go, or null.</param>
internal sealed class WeightReader(Checkpoint checkpoint, BufferPool? pool = null)
{
    private const int OutputsOfPart = 8 * PackedMatrix.PanelWidth;   // whole panels, so that threads share none

    /// <summary>A whole tensor as floats; empty for no tensor.</summary>
    public float[] Vector(string? name)
    {
        if (name is null)
        {
            return [];
        }

        TensorInfo tensor = checkpoint.Require(name);
        var values = new float[tensor.ElementCount];
        checkpoint.ReadFloats(tensor, 0, values);
        return values;
    }

    /// <summary>A gain: a whole tensor plus an offset; empty for no tensor.</summary>
    public float[] Gain(string? name, float offset)
    {
        float[] values = Vector(name);
        if (offset != 0)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] += offset;
            }
        }

        return values;
    }

    /// <summary>Packs linear maps of the same input one after the other: outputs of the first, then of the second, and so on.</summary>
    public PackedMatrix Pack(params ReadOnlySpan<LinearSpec> maps)
    {
        int outputs = 0;
        foreach (LinearSpec map in maps)
        {
            outputs += map.Outputs;
        }

        var packed = new PackedMatrix(outputs, maps[0].Inputs, pool);
        int first = 0;
        foreach (LinearSpec map in maps)
        {
            packed.PackRows(first, map.Outputs, RowsOf(map));
            first += map.Outputs;
        }

        return packed;
    }

    /// <summary>Packs rows of a map into the first outputs of a matrix, by all threads of a pool.</summary>
    /// <param name="map">The map.</param>
    /// <param name="firstRow">First row of W.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="packed">Receives them from output 0 on.</param>
    /// <param name="threads">The pool.</param>
    /// <param name="cancellation">Stops between parts.</param>
    public void PackRows(LinearSpec map, int firstRow, int rows, PackedMatrix packed, WorkerPool threads, CancellationToken cancellation)
    {
        RowReader read = RowsOf(map);
        threads.Run((rows + OutputsOfPart - 1) / OutputsOfPart, (_, part) =>
        {
            int first = part * OutputsOfPart;
            packed.PackRows(first, Math.Min(OutputsOfPart, rows - first), (start, into) => read(firstRow + first + start, into));
        }, cancellation);
    }

    /// <summary>Biases of linear maps one after the other, zeros for a map without; empty where none has one.</summary>
    public float[] Biases(params ReadOnlySpan<LinearSpec> maps)
    {
        int outputs = 0;
        bool any = false;
        foreach (LinearSpec map in maps)
        {
            outputs += map.Outputs;
            any |= map.Bias is not null;
        }

        if (!any)
        {
            return [];
        }

        var biases = new float[outputs];
        int first = 0;
        foreach (LinearSpec map in maps)
        {
            if (map.Bias is not null)
            {
                float[] stored = Vector(map.Bias);
                for (int row = 0; row < map.Outputs; row++)
                {
                    biases[first + row] = stored[map.RowOf(row)];
                }
            }

            first += map.Outputs;
        }

        return biases;
    }

    /// <summary>Reads rows of a linear map's W as floats.</summary>
    public RowReader RowsOf(LinearSpec map)
    {
        TensorInfo tensor = checkpoint.Require(map.Weight);
        long inputs = map.Inputs;
        if (map.Transposed)
        {
            return (start, rows) => ReadColumns(tensor, map, start, rows);
        }

        if (map.StoredRow is not { } storedRow)
        {
            return (start, rows) => checkpoint.ReadFloats(tensor, start * inputs, rows);
        }

        return (start, rows) =>
        {
            for (int row = 0; row * inputs < rows.Length; row++)
            {
                checkpoint.ReadFloats(tensor, storedRow(start + row) * inputs, rows.Slice((int)(row * inputs), (int)inputs));
            }
        };
    }

    // Rows of W where the tensor is W^T [inputs, stored rows]: neighbouring rows are read together.
    private void ReadColumns(TensorInfo tensor, LinearSpec map, int start, Span<float> rows)
    {
        int inputs = map.Inputs;
        int count = rows.Length / inputs;
        var part = new float[count];
        for (int row = 0; row < count;)
        {
            int first = map.RowOf(start + row);
            int run = 1;
            while (row + run < count && map.RowOf(start + row + run) == first + run)
            {
                run++;
            }

            Span<float> columns = part.AsSpan(0, run);
            for (int input = 0; input < inputs; input++)
            {
                checkpoint.ReadFloats(tensor, ((long)input * map.StoredRows) + first, columns);
                for (int column = 0; column < run; column++)
                {
                    rows[((row + column) * inputs) + input] = columns[column];
                }
            }

            row += run;
        }
    }
}
