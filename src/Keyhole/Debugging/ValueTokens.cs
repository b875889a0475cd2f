using System.Collections.Immutable;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Readouts;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Debugging;

/// <summary>What memories promote at the sign of their coefficients: from the study where it has their values, else read from the model, all at once.</summary>
internal static class ValueTokens
{
    /// <summary>Fills in the tokens of memories.</summary>
    /// <param name="memories">The memories.</param>
    /// <param name="count">Tokens of each.</param>
    /// <param name="study">The study, or null.</param>
    /// <param name="model">The model.</param>
    /// <param name="reader">A reader of its vocabulary.</param>
    /// <param name="readout">The readout of values.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static DominantMemory[] Fill(DominantMemory[] memories, int count, Study? study, Model model, VocabularyReader reader, Readout readout, CancellationToken cancellation)
    {
        IReadOnlyDictionary<NeuronId, ValueRecord> known = study is null ? ImmutableDictionary<NeuronId, ValueRecord>.Empty : ValueTable.Read(study, [.. memories.Select(memory => memory.Id)]);
        DominantMemory[] filled = [.. memories.Select(memory => known.TryGetValue(memory.Id, out ValueRecord? value)
            ? memory with { Tokens = [.. (memory.Coefficient < 0 ? value.Bottom : value.Top).Take(count)] }
            : memory)];
        int[] missing = [.. Enumerable.Range(0, filled.Length).Where(i => filled[i].Tokens.IsEmpty)];
        if (missing.Length > 0)
        {
            Read(filled, missing, count, model, reader, readout, cancellation);
        }

        return filled;
    }

    private static void Read(DominantMemory[] memories, int[] missing, int count, Model model, VocabularyReader reader, Readout readout, CancellationToken cancellation)
    {
        using var value = new AlignedBuffer(model.Spec.Width);
        using var rows = new AlignedBuffer((long)missing.Length * reader.Width);
        MatrixView prepared = rows.Matrix(missing.Length, reader.Width);
        MatrixView vector = value.Matrix(1, model.Spec.Width);
        for (int row = 0; row < missing.Length; row++)
        {
            NeuronId id = memories[missing[row]].Id;
            MemoryVectors.ReadValues(model, id.Layer, model.Spec.Blocks[id.Layer].FeedForward.NumberOf(id), vector);
            reader.PrepareValues(id.Layer, readout, vector, prepared.RowRange(row, 1));
        }

        ScanResult scan = reader.Scan(prepared, new ScanOptions { Top = count, Bottom = count }, cancellation: cancellation);
        for (int row = 0; row < missing.Length; row++)
        {
            DominantMemory memory = memories[missing[row]];
            (int[] tokens, float[] logits) = memory.Coefficient < 0 ? (scan.BottomTokens, scan.BottomLogits) : (scan.TopTokens, scan.TopLogits);
            memories[missing[row]] = memory with { Tokens = [.. Enumerable.Range(row * count, count).Where(i => tokens[i] >= 0).Select(i => new TokenLogit(tokens[i], logits[i]))] };
        }
    }
}
