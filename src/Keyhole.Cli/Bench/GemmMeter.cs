using System.Diagnostics;

namespace Keyhole.Cli.Bench;

/// <summary>
/// Sets the time of some work against the machine's rate of matrix products while it runs: at moments when no thread works it measures the rate for a tenth of a second,
/// and takes the time of that away. So a host whose speed moves during a run of minutes moves both.
/// </summary>
internal sealed class GemmMeter : IDisposable
{
    private static readonly TimeSpan s_probe = TimeSpan.FromMilliseconds(100);
    private readonly TimeSpan _between;
    private readonly GemmRate _gemm;   // its threads and its memory stay: one meter measures all stretches of work of a process
    private double _rate;
    private long _since;

    /// <param name="threads">Threads of the work and of the products, which are 480 x 768 x 3072.</param>
    /// <param name="between">Least time of work from one measurement to the next; null for 900 ms.</param>
    public GemmMeter(int threads, TimeSpan? between = null)
    {
        _between = between ?? TimeSpan.FromMilliseconds(900);
        _gemm = new GemmRate(3072, 768, threads);
    }

    /// <summary>Seconds of the work so far, without those of measuring.</summary>
    public double Seconds { get; private set; }

    /// <summary>Floating-point operations that matrix products would have done in <see cref="Seconds"/>.</summary>
    public double Operations { get; private set; }

    /// <summary>Seconds of measuring between <see cref="Begin"/> and <see cref="End"/>.</summary>
    public double PausedSeconds { get; private set; }

    /// <summary>How often it measured between <see cref="Begin"/> and <see cref="End"/>.</summary>
    public int Pauses { get; private set; }

    /// <summary>The rate, weighted with the time that the work took at it.</summary>
    public double Rate => Operations / Seconds;

    /// <summary>Starts a stretch of work.</summary>
    public void Begin()
    {
        (Seconds, Operations, PausedSeconds, Pauses) = (0, 0, 0, 0);
        _rate = Probe();
        _since = Stopwatch.GetTimestamp();
    }

    /// <summary>To be called often while no thread works: measures when it is time.</summary>
    public void Pause()
    {
        if (Stopwatch.GetElapsedTime(_since) >= _between)
        {
            long start = Stopwatch.GetTimestamp();
            Close();
            PausedSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
            Pauses++;
        }
    }

    /// <summary>Ends the stretch of work.</summary>
    public void End() => Close();

    /// <inheritdoc/>
    public void Dispose() => _gemm.Dispose();

    private void Close()
    {
        double seconds = Stopwatch.GetElapsedTime(_since).TotalSeconds;
        double rate = Probe();
        Seconds += seconds;
        Operations += seconds * (_rate + rate) / 2;
        _rate = rate;
        _since = Stopwatch.GetTimestamp();
    }

    private double Probe() => _gemm.MeasureMean(s_probe, CancellationToken.None);
}
