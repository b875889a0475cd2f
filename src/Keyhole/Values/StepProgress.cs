namespace Keyhole.Values;

/// <summary>Hands progress on at once, on the thread that reports it (<see cref="Progress{T}"/> would queue it).</summary>
internal sealed class StepProgress(Action<double> report) : IProgress<double>
{
    public void Report(double value) => report(value);
}
