using System.Runtime.InteropServices;
using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Memories;
using Microsoft.Win32.SafeHandles;

namespace Keyhole.Exports;

/// <summary>The coefficients of chosen memories at every token of chosen units (0 where their expert was not chosen), put aside in a file while the model runs and read memory by memory.</summary>
internal sealed class CoefficientStore : IUnitObserver, IDisposable
{
    private readonly FileStream _scratch;
    private readonly ExportFolder _folder;
    private readonly SafeFileHandle _file;
    private readonly IReadOnlyDictionary<int, int> _lengths;
    private readonly Dictionary<NeuronId, (int[] Units, long Offset)> _wanted = [];
    private readonly Entry[] _entries;
    private readonly HashSet<int> _layers;
    private IReadOnlyList<int> _batch = [];

    /// <param name="folder">Lends the file.</param>
    /// <param name="wanted">The memories, each with the units whose coefficients are wanted, each unit once.</param>
    /// <param name="lengths">Tokens of every unit.</param>
    /// <param name="spec">The model.</param>
    public CoefficientStore(ExportFolder folder, IEnumerable<(NeuronId Id, int[] Units)> wanted, IReadOnlyDictionary<int, int> lengths, ModelSpec spec)
    {
        _folder = folder;
        _lengths = lengths;
        List<Entry> entries = [];
        long offset = 0;
        foreach ((NeuronId id, int[] units) in wanted)
        {
            _wanted.Add(id, (units, offset));
            foreach (int unit in units)
            {
                entries.Add(new Entry(unit, id.Layer, spec.Blocks[id.Layer].FeedForward.NumberOf(id), offset));
                offset += lengths[unit];
            }
        }

        entries.Sort();
        _entries = [.. entries];
        _layers = [.. _wanted.Keys.Select(id => id.Layer)];
        _scratch = folder.Scratch();
        _file = _scratch.SafeFileHandle;
    }

    /// <summary>Every unit that is wanted, ascending.</summary>
    public IReadOnlyList<int> Units => [.. _entries.Select(entry => entry.Unit).Distinct()];

    /// <summary>The coefficients of a memory, one array of all tokens for each of its units, in their order.</summary>
    /// <exception cref="InputRefusedException">KH5135: NaN or infinity is among them.</exception>
    public float[][] Of(NeuronId id)
    {
        (int[] units, long offset) = _wanted[id];
        float[][] read = new float[units.Length][];
        _folder.Guarded(() =>
        {
            for (int i = 0; i < units.Length; i++)
            {
                read[i] = new float[_lengths[units[i]]];
                Span<byte> bytes = MemoryMarshal.AsBytes(read[i].AsSpan());
                for (int got = 0; got < bytes.Length;)
                {
                    int more = RandomAccess.Read(_file, bytes[got..], (offset * sizeof(float)) + got);
                    got += more > 0 ? more : throw new EndOfStreamException("what was put aside ends early");
                }

                offset += read[i].Length;
            }
        });
        int broken = Array.FindIndex(read, values => !Array.TrueForAll(values, float.IsFinite));
        return broken < 0 ? read : throw new InputRefusedException("KH5135", $"{id}: the model gives NaN or infinity in unit {units[broken]} of the study; no activation is made of them.");
    }

    /// <inheritdoc/>
    public void Begin(IReadOnlyList<int> units) => _batch = [.. units];

    /// <inheritdoc/>
    public SiteSet Sites(int layer) => _layers.Contains(layer) ? SiteSet.Of(Site.MlpPost) : SiteSet.None;

    /// <inheritdoc/>
    public void Observe(Site site, int layer, int firstRow, MatrixView values)
    {
        // Only coefficients are asked for.
    }

    /// <inheritdoc/>
    public void ObserveMemories(in MemoryTile tile)
    {
        Span<float> column = tile.RowCount <= 1024 ? stackalloc float[tile.RowCount] : new float[tile.RowCount];
        int endRow = tile.FirstRow + tile.RowCount;
        for (int text = tile.Batch.TextOf(tile.FirstRow); text < tile.Batch.TextCount && tile.Batch.Start(text) < endRow; text++)
        {
            int start = tile.Batch.Start(text);
            int from = Math.Max(start, tile.FirstRow);
            int to = Math.Min(start + tile.Batch.Length(text), endRow);
            int at = Array.BinarySearch(_entries, new Entry(_batch[text], tile.Layer, tile.FirstMemory, 0));
            for (at = at < 0 ? ~at : at; at < _entries.Length; at++)
            {
                Entry entry = _entries[at];
                if (entry.Unit != _batch[text] || entry.Layer != tile.Layer || entry.Memory >= tile.FirstMemory + tile.Post.Columns)
                {
                    break;
                }

                for (int row = from; row < to; row++)
                {
                    int shown = tile.RowOf(row);
                    column[row - from] = shown < 0 ? 0 : tile.Post.Row(shown)[entry.Memory - tile.FirstMemory];
                }

                RandomAccess.Write(_file, MemoryMarshal.AsBytes(column[..(to - from)]), (entry.Offset + from - start) * sizeof(float));
            }
        }
    }

    /// <inheritdoc/>
    public void LayerDone(int layer)
    {
        // Nothing is gathered.
    }

    /// <inheritdoc/>
    public void Dispose() => _scratch.Dispose();

    // What is wanted, in the order in which it is looked up, memories by their number in the layer; no two entries have the same unit, layer and memory.
    private readonly record struct Entry(int Unit, int Layer, int Memory, long Offset) : IComparable<Entry>
    {
        public int CompareTo(Entry other) => (Unit, Layer, Memory).CompareTo((other.Unit, other.Layer, other.Memory));
    }
}
