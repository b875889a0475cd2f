using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Mining;

/// <summary>What one worker has gathered in the running layer, and the state of texts that go on in its next tile.</summary>
internal sealed unsafe class WorkerState : IDisposable
{
    private const int Lanes = LayerAccumulator.Lanes;

    // Of sixteen memories: 5 x 16 doubles of sums, then for each pole and each sign case best [16], where [16], and coefficient [16], gate [16] and router weight [16] of the best row of
    // an earlier tile.
    private const int SumFloats = 2 * 5 * Lanes;
    private const int PoleFloats = 5 * Lanes;
    private const int Slots = 2 + LayerAccumulator.SignCaseCount;
    private const int BlockFloats = SumFloats + (Slots * PoleFloats);

    /// <summary>Where the sign cases stand, after both poles.</summary>
    public const int FirstCase = 2;

    /// <summary>Floats from what is kept of a pole or sign case to that of the next.</summary>
    public const int CaseStride = PoleFloats;

    private AlignedBuffer _blocks = new(0);

    /// <summary>The running layer, or -1.</summary>
    public int Layer { get; set; } = -1;

    /// <summary>What was gathered in it.</summary>
    public LayerAccumulator? Accumulator { get; set; }

    /// <summary>Segments of the current rows; kept from one range of memories to the next.</summary>
    public List<TileSegment> Segments { get; } = [];

    /// <summary>Sampled candidate rows of the current rows, by their rows in the tile.</summary>
    public List<int> SampledRows { get; } = [];

    /// <summary>For each row of the tile its part of the hash that samples go by; filled where they are kept, for candidate rows.</summary>
    public uint[] RowHashes { get; } = new uint[ForwardPass.TileRows];

    /// <summary>Rows of the tile that are random positions, with their number.</summary>
    public List<(int Row, int Number)> RandomRows { get; } = [];

    /// <summary>First row of the tile that <see cref="Segments"/> belong to; -1 for none.</summary>
    public int SegmentsRow { get; set; } = -1;

    /// <summary>Expert of that tile; -1 where the layer has no router.</summary>
    public int SegmentsExpert { get; set; } = -1;

    /// <summary>Whether the text that goes on in the next tile has had rows of an expert; [experts], one where the layer has no router.</summary>
    public bool[] GoesOn { get; private set; } = [];

    /// <summary>Makes room for the state of every block of sixteen memories, and one more for texts that begin and end in a tile.</summary>
    public void Reserve(MemoryColumns layout)
    {
        if (GoesOn.Length < layout.Experts)
        {
            GoesOn = new bool[layout.Experts];
        }

        long floats = ((layout.Padded / Lanes) + 1L) * BlockFloats;
        if (_blocks.Length < floats)
        {
            _blocks.Dispose();
            _blocks = new AlignedBuffer(floats);
        }
    }

    /// <summary>State of a block; block 0 is scratch, block b + 1 belongs to columns 16 b ...</summary>
    public UnitState Block(int block) => new(_blocks.Start + ((long)block * BlockFloats));

    public void Dispose()
    {
        _blocks.Dispose();
        Accumulator?.Dispose();
    }

    /// <summary>The state of one text in sixteen memories.</summary>
    internal readonly ref struct UnitState(float* start)
    {
        /// <summary>[5, 16] power sums, and the sum of the positive.</summary>
        public double* Sums => (double*)start;

        /// <summary>[16] best rank of a pole, or of sign case c as pole <see cref="FirstCase"/> + c.</summary>
        public float* Best(int pole) => start + SumFloats + (pole * PoleFloats);

        /// <summary>[16] its position.</summary>
        public int* Where(int pole) => (int*)(Best(pole) + Lanes);

        /// <summary>[16] coefficient there, where it was in an earlier tile.</summary>
        public float* Coefficient(int pole) => Best(pole) + (2 * Lanes);

        /// <summary>[16] gate there, where it was in an earlier tile.</summary>
        public float* Gate(int pole) => Best(pole) + (3 * Lanes);

        /// <summary>[16] router weight there, where it was in an earlier tile.</summary>
        public float* RouterWeight(int pole) => Best(pole) + (4 * Lanes);

        /// <summary>A text begins.</summary>
        /// <param name="cases">Sign cases that are looked for.</param>
        public void Begin(int cases)
        {
            new Span<double>(Sums, 5 * Lanes).Clear();
            new Span<float>(Best(0), Lanes).Fill(float.NegativeInfinity);
            new Span<float>(Best(1), Lanes).Fill(float.NegativeInfinity);
            BeginCases(cases);
        }

        /// <summary>Forgets what was best of the sign cases.</summary>
        public void BeginCases(int cases)
        {
            for (int slot = FirstCase; slot < FirstCase + cases; slot++)
            {
                new Span<float>(Best(slot), Lanes).Fill(float.NegativeInfinity);
            }
        }
    }
}
