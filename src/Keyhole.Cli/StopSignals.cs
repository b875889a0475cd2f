using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Keyhole.Cli;

/// <summary>Turns ctrl-C and SIGTERM into a cancellation; a second signal ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly TimeSpan SameMoment = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private long _first; // when the first signal came

    /// <summary>Listens from now on.</summary>
    public StopSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, ExitCode.Interrupted));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, ExitCode.Terminated));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The exit code that belongs to the signal; <see cref="ExitCode.Failed"/> where none came.</summary>
    public int ExitStatus { get; private set; } = ExitCode.Failed;

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context, int exitStatus)
    {
        if (_stop.IsCancellationRequested)
        {
            // The second signal has its usual effect, unless a scheduler and its job script both send SIGTERM at the same moment.
            context.Cancel = exitStatus == ExitCode.Terminated && Stopwatch.GetElapsedTime(_first) < SameMoment;
            return;
        }
        context.Cancel = true;
        _first = Stopwatch.GetTimestamp();
        ExitStatus = exitStatus;
        _stop.Cancel();
    }
}
