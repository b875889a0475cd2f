using System.Diagnostics;
using Keyhole.Corpora;
using Keyhole.Engine;

namespace Keyhole.Mining;

/// <summary>First part of a run: reads the corpus, tokenises it, and keeps what belongs to the run's shard.</summary>
internal sealed class CorpusStage(MiningOptions options, UnitTokenizer tokenizer, Corpus corpus, UnfinishedRun run, Checkpoints checkpoints)
{
    /// <summary>Reads on to the end.</summary>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Stops between batches of units; the run's state is then that of the last batch.</param>
    /// <exception cref="InputRefusedException">The corpus cannot be read, or has no text (KH5006).</exception>
    public void Run(IProgress<MiningProgress>? progress, CancellationToken cancellation)
    {
        RunState state = run.State;
        if (state.IsRead)
        {
            return;
        }

        long start = Stopwatch.GetTimestamp();
        long before = state.Dealt.Sum();
        var dealer = new ShardDealer(state.Dealt);
        double slowest = 0;
        foreach (TextUnit[] batch in UnitBatches.Of(Units(state.SourceUnits, cancellation)))
        {
            long begun = Stopwatch.GetTimestamp();
            foreach (TokenisedText text in tokenizer.Encode(batch, options.Threads, cancellation).SelectMany(windows => windows))
            {
                Keep(text, dealer.Deal(text.Ids.Length));
            }

            state.SourceUnits += batch.Length;
            Record();
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(begun).TotalSeconds);
            if (!corpus.HasStandardInput)
            {
                checkpoints.WriteIfDue(slowest, mining: null);
            }

            double share = corpus.TotalBytes == 0 ? 0 : Math.Min(1, (double)corpus.BytesRead / corpus.TotalBytes);
            long tokens = state.Dealt.Sum();
            progress?.Report(new MiningProgress("tokenize", share, tokens, (tokens - before) / Stopwatch.GetElapsedTime(start).TotalSeconds));
        }

        if (state.Texts == 0)
        {
            throw new InputRefusedException("KH5006", $"{string.Join(", ", options.Corpus)}: no text in this corpus. Check the path, --unit and --text-field.");
        }

        Record();
        state.IsRead = true;
    }

    // The units that are left. What was read before is cut into units again, which is quick, and passed over.
    private IEnumerable<TextUnit> Units(long skip, CancellationToken cancellation)
    {
        IEnumerable<TextUnit> units = corpus.ReadUnits(cancellation);
        if (options.Sample is { } size)
        {
            units = UnitSampler.Take(options.Limit is { } limit ? units.Take(checked((int)Math.Min(limit, int.MaxValue))) : units, size, options.Seed).Select(sampled => sampled.Unit);
        }

        foreach (TextUnit unit in units)
        {
            if (--skip < 0)
            {
                yield return unit;
            }
        }
    }

    private void Keep(TokenisedText text, int shard)
    {
        RunState state = run.State;
        (int first, int end) = options.Rules.Candidates(text.Ids.Length, text.StartsWithBos);
        state.Candidates += Math.Max(0, end - first);
        int index = state.Texts++;
        if (options.Rules.SampleQuantiles)
        {
            state.Random.Add(options.Rules.Seed, index, text.Ids, first, end);
        }

        if (shard != options.Shard.Index)
        {
            return;
        }

        run.Units.Add(text.ToStudyUnit(index));
        run.Spool.Add(index, text.Ids, text.StartsWithBos);
        state.KeptTexts++;
        state.KeptTokens += text.Ids.Length;
        state.Longest = Math.Max(state.Longest, text.Ids.Length);
    }

    private void Record()
    {
        run.State.SpoolBytes = run.Spool.Length;
        run.State.BlockBytes = run.Units.Length;
        run.State.Files = [.. corpus.Files];
        run.State.Readings = corpus.Readings;
    }
}
