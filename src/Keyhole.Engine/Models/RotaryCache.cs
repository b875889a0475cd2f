using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>Cosines and sines by rotary settings and length of text, made when first needed. Thread-safe.</summary>
internal sealed class RotaryCache
{
    private const int LeastPositions = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<(RotarySettings Settings, int LengthClass), RotaryTable> _tables = [];

    /// <summary>Rotates every head of every row of one text.</summary>
    /// <param name="settings">The rotary embedding.</param>
    /// <param name="headSize">Numbers a head.</param>
    /// <param name="rows">Shape [T, heads * head size]; row t is position t.</param>
    public void Apply(RotarySettings settings, int headSize, MatrixView rows)
    {
        RotaryTable table = Table(settings, rows.Rows);
        for (int position = 0; position < rows.Rows; position++)
        {
            Span<float> row = rows.Row(position);
            ReadOnlySpan<float> cosines = table.Cosines(position);
            ReadOnlySpan<float> sines = table.Sines(position);
            for (int head = 0; head < row.Length; head += headSize)
            {
                if (settings.Interleaved)
                {
                    Rotary.ApplyInterleaved(row.Slice(head, headSize), cosines, sines);
                }
                else
                {
                    Rotary.ApplyHalf(row.Slice(head, headSize), cosines, sines);
                }
            }
        }
    }

    private RotaryTable Table(RotarySettings settings, int length)
    {
        // Texts beyond the trained length have frequencies of their own: by length (dynamic), or one other set (longrope).
        int declared = settings.MaxPositions ?? int.MaxValue;
        int lengthClass = settings.Kind switch
        {
            RotaryKind.Dynamic => length > declared ? length : 0,
            RotaryKind.LongRope => length > (settings.OriginalMaxPositions ?? declared) ? 1 : 0,
            _ => 0,
        };
        lock (_lock)
        {
            if (!_tables.TryGetValue((settings, lengthClass), out RotaryTable? table) || table.Positions < length)
            {
                (float[] frequencies, float factor) = RotaryFrequencies.Compute(settings, length);
                table = new RotaryTable(frequencies, factor, Math.Max(length, Math.Max(LeastPositions, 2 * (table?.Positions ?? 0))));
                _tables[(settings, lengthClass)] = table;
            }

            return table;
        }
    }
}
