using System.Collections.Immutable;
using System.Runtime.ExceptionServices;

namespace Keyhole.Studies.Merging;

/// <summary>Merges the memories of all layers by several threads, and writes them in their order. Holds one range of memories a thread.</summary>
internal sealed class MemoryMerge
{
    private const int MostMemories = 256;
    private const int MostTriggers = 1 << 15;   // of a range and pole: about a megabyte

    private readonly StudyWriter _study;
    private readonly Func<MergeBand, BandMerge> _open;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly List<Range> _ranges = [];
    private readonly object _turn = new();
    private readonly long _total;
    private int _claimed = -1;
    private int _written;
    private ExceptionDispatchInfo? _failure;

    /// <param name="grid">The pieces.</param>
    /// <param name="top">Most triggers of a list.</param>
    /// <param name="study">Where to.</param>
    /// <param name="open">Opens a band for one thread.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: the pieces do not have the same memories.</exception>
    public MemoryMerge(MergeGrid grid, int top, StudyWriter study, Func<MergeBand, BandMerge> open, IProgress<double>? progress, CancellationToken cancellation)
    {
        _study = study;
        _open = open;
        _progress = progress;
        _cancellation = cancellation;
        int length = Math.Clamp(MostTriggers / top, 1, MostMemories);
        foreach (int layer in grid.Layers)
        {
            MergeBand band = grid.Bands.First(band => band.Layers.BinarySearch(layer) >= 0);
            long count = CountOf(band, layer);
            _total += count;
            for (long first = 0; first < count; first += length)
            {
                _ranges.Add(new Range(band, layer, (int)first, (int)Math.Min(length, count - first)));
            }
        }
    }

    /// <summary>Memories.</summary>
    public long Memories => _total;

    /// <summary>Triggers written.</summary>
    public long Triggers { get; private set; }

    /// <summary>Does the work.</summary>
    /// <param name="threads">Threads.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: a piece is damaged.</exception>
    public void Run(int threads)
    {
        Thread[] workers = [.. Enumerable.Range(0, Math.Min(threads, Math.Max(1, _ranges.Count))).Select(_ => new Thread(Work))];
        foreach (Thread worker in workers)
        {
            worker.Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        _failure?.Throw();
        _cancellation.ThrowIfCancellationRequested();
    }

    private static long CountOf(MergeBand band, int layer)
    {
        long count = band.Pieces[0].Rows(layer).Count;
        MergePiece? other = band.Pieces.FirstOrDefault(piece => piece.Rows(layer).Count != count);
        return other is null && count <= int.MaxValue
            ? count
            : throw (other ?? band.Pieces[0]).Damaged($"it has {(other ?? band.Pieces[0]).Rows(layer).Count} memories of layer {layer} where {band.Pieces[0].Path} has {count}");
    }

    // Ranges are claimed in their order, so the one whose turn it is to be written is always in work.
    private void Work()
    {
        BandMerge? pieces = null;
        try
        {
            for (int at = Interlocked.Increment(ref _claimed); at < _ranges.Count && !IsOver; at = Interlocked.Increment(ref _claimed))
            {
                Range range = _ranges[at];
                if (pieces?.Band != range.Band)
                {
                    pieces?.Dispose();
                    pieces = _open(range.Band);
                }

                var merged = new MergedMemory[range.Count];
                pieces.Merge(range.Layer, range.First, merged);
                Write(at, merged);
            }
        }
        catch (Exception failure)   // carried to the thread that waits
        {
            lock (_turn)
            {
                _failure ??= ExceptionDispatchInfo.Capture(failure);
                Monitor.PulseAll(_turn);
            }
        }
        finally
        {
            pieces?.Dispose();
        }
    }

    private bool IsOver => _failure is not null || _cancellation.IsCancellationRequested;

    private void Write(int at, MergedMemory[] merged)
    {
        lock (_turn)
        {
            while (_written != at && !IsOver)
            {
                Monitor.Wait(_turn, millisecondsTimeout: 100);   // a cancellation wakes nobody
            }

            if (IsOver)
            {
                return;
            }

            foreach (MergedMemory memory in merged)
            {
                _study.WriteMemory(memory.Id, memory.Statistics, memory.Positive, memory.Negative, memory.Ranks);
                if (memory.Cases.Length > 0)
                {
                    _study.WriteCases(memory.Cases);
                }

                if (memory.Sample is { } sample)
                {
                    _study.WriteSample(sample);
                }

                Triggers += memory.Positive.Length + memory.Negative.Length;
            }

            _written++;
            Monitor.PulseAll(_turn);
            _progress?.Report((double)_written / _ranges.Count);
        }
    }

    private sealed record Range(MergeBand Band, int Layer, int First, int Count);
}
