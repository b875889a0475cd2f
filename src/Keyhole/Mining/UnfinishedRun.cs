using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Mining;

/// <summary>What a run has so far: its state, the tokens and units that it has read, and the totals.</summary>
internal sealed class UnfinishedRun : IDisposable
{
    private UnfinishedRun(RunState state, TokenSpool spool, UnitBlockFile units)
    {
        State = state;
        Spool = spool;
        Units = units;
    }

    /// <summary>How far it has come.</summary>
    public RunState State { get; }

    /// <summary>Tokens of the texts to be mined.</summary>
    public TokenSpool Spool { get; }

    /// <summary>The texts.</summary>
    public UnitBlockFile Units { get; }

    /// <summary>The totals; null before mining begins.</summary>
    public MiningPass? Mining { get; set; }

    /// <summary>Begins a run.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="shards">Shards that the corpus is dealt out to.</param>
    /// <param name="context">The model's context.</param>
    public static UnfinishedRun Begin(RunFolder folder, int shards, int context) => Open(folder, new RunState(shards), context);

    /// <summary>Goes on from the folder's checkpoint.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="identity">That of the run that wants to go on.</param>
    /// <param name="shards">Shards that the corpus is dealt out to.</param>
    /// <param name="context">The model's context.</param>
    /// <param name="mining">Makes what mines, for the corpus that the run has read.</param>
    /// <exception cref="InputRefusedException">KH5011: the identities differ; KH5013: what is there is damaged.</exception>
    public static UnfinishedRun Restore(RunFolder folder, RunIdentity identity, int shards, int context, Func<RunState, MiningPass> mining)
    {
        UnfinishedRun? run = null;
        try
        {
            CheckpointFile.Read(folder, reader =>
            {
                identity.RequireSame(RunIdentity.Restore(reader), folder.Checkpoint);
                run = Open(folder, RunState.Restore(reader, shards), context);
                run.Units.RestoreOpenBlock(reader);
                if (reader.ReadBoolean())
                {
                    run.Mining = mining(run.State);
                    run.Mining.Restore(reader);
                }
            });
            return run!;
        }
        catch
        {
            run?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Spool.Dispose();
        Units.Dispose();
        Mining?.Dispose();
    }

    private static UnfinishedRun Open(RunFolder folder, RunState state, int context)
    {
        var spool = new TokenSpool(folder.Tokens, state.SpoolBytes, context);
        try
        {
            return new UnfinishedRun(state, spool, new UnitBlockFile(folder.Units, state.BlockBytes));
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }
}
