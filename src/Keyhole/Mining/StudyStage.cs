using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Mining;

/// <summary>Last part of a run: writes a study, that of the memories or that of a null.</summary>
/// <param name="output">Where it will stand.</param>
/// <param name="overwrite">Whether a study there is replaced.</param>
/// <param name="observer">What was mined.</param>
/// <param name="options">Options of the run.</param>
/// <param name="spec">The model.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="layers">Layers that were mined, ascending.</param>
/// <param name="run">The run.</param>
internal sealed class StudyStage(string output, bool overwrite, MiningObserver observer, MiningOptions options, ModelSpec spec, Tokenizer tokenizer, IReadOnlyList<int> layers, UnfinishedRun run)
{
    /// <summary>Memories written.</summary>
    public int Memories { get; private set; }

    /// <summary>Those that have no trigger on any pole.</summary>
    public int DeadMemories { get; private set; }

    /// <summary>Writes a whole study.</summary>
    /// <param name="provenance">Where it comes from.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Stops the writing; no study is left.</param>
    public void Run(StudyProvenance provenance, IProgress<MiningProgress>? progress, CancellationToken cancellation)
    {
        using StudyWriter study = StudyWriter.Create(output, overwrite);
        WriteUnits(study, cancellation);
        for (int i = 0; i < layers.Count; i++)
        {
            WriteLayer(study, layers[i]);
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new MiningProgress("write", (i + 1.0) / layers.Count, 0, 0));
        }

        if (options.Rules.SampleQuantiles)
        {
            study.WriteRandomPositions(run.State.Random.Kept.Select(position => new RandomExample(position.Unit, position.Position, position.Target)));
        }

        study.WriteFiles([.. run.State.Files.Select(file => new StudyFile(file.Index, file.RelativePath, file.Bytes, file.Sha256 ?? string.Empty))]);
        study.WriteTokenPieces(Enumerable.Range(0, tokenizer.VocabularySize).Select(Piece));
        study.WriteProvenance(provenance);
        study.Complete();
    }

    // A run that ended before its corpus did has units that were not mined: the last ones.
    private void WriteUnits(StudyWriter study, CancellationToken cancellation)
    {
        int end = run.Spool.Read(run.State.MinedBytes, 1, 1)?.Units[0] ?? int.MaxValue;
        foreach (PackedUnits block in run.Units.Blocks())
        {
            cancellation.ThrowIfCancellationRequested();
            if (block.LastUnit < end)
            {
                study.AppendBlock(block);
                continue;
            }

            var units = UnitBlock.Read(block.Zlib, block.FirstUnit, block.Units, block.RawBytes);
            foreach (int index in units.Indices.Where(index => index < end))
            {
                study.AppendUnit(units.Unit(index)!);
            }

            break;
        }
    }

    private void WriteLayer(StudyWriter study, int layer)
    {
        LayerTotals totals = observer.Totals(layer);
        LayerAccumulator all = totals.Accumulator;
        bool ranks = options.Shard.IsPart && options.Rules.RankBy == RankBy.Pre && !all.IsGated;
        int memory = 0;
        foreach (NeuronId id in spec.NamesOf(layer))
        {
            int column = all.Layout.ColumnOf(memory++);
            if (options.Neurons?.Contains(id) == false)
            {
                continue;
            }

            NeuronStatistics statistics = totals.Statistics(column);
            study.WriteMemory(id, statistics, all.Positive.List(column), all.Negative?.List(column) ?? [], ranks ? all.Positive.Ranks(column) : default);
            if (all.Cases.Length > 0)
            {
                study.WriteCases([.. all.Cases.Select(lists => lists.List(column))]);
            }

            if (options.Rules.SampleQuantiles)
            {
                study.WriteSample(new MemorySample
                {
                    Positive = [.. all.Samples[0].List(column)],
                    Negative = [.. all.Samples.Length > 1 ? all.Samples[1].List(column) : []],
                    Random = [.. totals.AtRandom(column, run.State.Random.Kept.Count)],
                });
            }

            Memories++;
            DeadMemories += statistics.PositiveCount == 0 && !(all.IsGated && statistics.Min < 0) ? 1 : 0;
        }
    }

    private string Piece(int id)
    {
        // A vocabulary may have holes; a hole is shown as nothing.
        try
        {
            return tokenizer.Decode([id]);
        }
        catch (InputRefusedException)
        {
            return string.Empty;
        }
    }
}
