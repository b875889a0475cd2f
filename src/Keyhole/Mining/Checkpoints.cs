using System.Diagnostics;
using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Mining;

/// <summary>Writes a run's checkpoints and tells when one is due.</summary>
/// <remarks>Where no interval is asked for, one checkpoint comes so long after another that they take less than 1% of the time.</remarks>
internal sealed class Checkpoints
{
    private const double LeastIntervalSeconds = 60;
    private const double LeastShare = 200;   // an interval is so many times what a checkpoint takes: one may come after half of it

    private readonly RunFolder _folder;
    private readonly double? _asked;
    private readonly Func<RunIdentity> _identity;
    private readonly RunState _state;
    private readonly TokenSpool _spool;
    private readonly UnitBlockFile _units;
    private long _last = Stopwatch.GetTimestamp();
    private double _longest;

    /// <param name="folder">Where they go.</param>
    /// <param name="every">What was asked for.</param>
    /// <param name="identity">What must be the same when the run goes on; asked when a checkpoint is written, as it waits for the hash of the weights.</param>
    /// <param name="state">How far the run is.</param>
    /// <param name="spool">Its tokens.</param>
    /// <param name="units">Its units.</param>
    public Checkpoints(RunFolder folder, CheckpointInterval every, Func<RunIdentity> identity, RunState state, TokenSpool spool, UnitBlockFile units)
    {
        _folder = folder;
        IsOn = every.IsOn;
        _asked = every.Seconds;
        _identity = identity;
        _state = state;
        _spool = spool;
        _units = units;
    }

    /// <summary>Whether there are checkpoints in this run.</summary>
    public bool IsOn { get; }

    /// <summary>Checkpoints written.</summary>
    public int Count { get; private set; }

    /// <summary>Seconds that they took.</summary>
    public double Seconds { get; private set; }

    /// <summary>The longest time that is to pass from one checkpoint to the next; infinite where there are none.</summary>
    public double IntervalSeconds => IsOn ? _asked ?? Math.Max(LeastIntervalSeconds, LeastShare * _longest) : double.PositiveInfinity;

    /// <summary>Writes a checkpoint if the next step would end after the interval.</summary>
    /// <param name="stepSeconds">How long the next step is expected to take.</param>
    /// <param name="mining">The totals; null before there are any.</param>
    public void WriteIfDue(double stepSeconds, MiningPass? mining)
    {
        if (Stopwatch.GetElapsedTime(_last).TotalSeconds + stepSeconds > IntervalSeconds)
        {
            Write(mining);
        }
    }

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="mining">The totals; null before there are any.</param>
    /// <exception cref="StudyNotWrittenException">KH5012: it cannot be written; the one before stands.</exception>
    public void Write(MiningPass? mining)
    {
        long start = Stopwatch.GetTimestamp();
        RunIdentity identity = _identity();
        if (!_state.IsRead || Count == 0)   // nothing is added to them once the corpus is read
        {
            _spool.Flush();
            _units.Flush();
        }

        CheckpointFile.Write(_folder, writer =>
        {
            identity.Save(writer);
            _state.Save(writer);
            _units.SaveOpenBlock(writer);
            writer.Write(mining is not null);
            mining?.Save(writer);
        });
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _last = Stopwatch.GetTimestamp();
        _longest = Math.Max(_longest, seconds);
        Seconds += seconds;
        Count++;
    }
}
