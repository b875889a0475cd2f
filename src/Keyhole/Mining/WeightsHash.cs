using Keyhole.Engine.Checkpoints;

namespace Keyhole.Mining;

/// <summary>Hashes a model's weights while the run goes on.</summary>
/// <remarks>Disposing stops it and waits for its end: the mapped files must outlive it, and a run that fails must not wait for gigabytes.</remarks>
internal sealed class WeightsHash : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<string> _hash;

    public WeightsHash(Checkpoint checkpoint) => _hash = Task.Run(() => checkpoint.ContentHash(cancellationToken: _stop.Token), _stop.Token);

    /// <summary>The hash; waits for it.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    public string Value(CancellationToken cancellation = default)
    {
        Task.WaitAny([_hash], cancellation);
        return _hash.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _stop.Cancel();
        Task.WhenAny(_hash).Wait(CancellationToken.None);   // ends with the hash, however that ends
        _stop.Dispose();
    }
}
