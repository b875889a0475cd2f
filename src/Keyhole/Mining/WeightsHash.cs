using Keyhole.Engine.Checkpoints;

namespace Keyhole.Mining;

/// <summary>Hashes a model's weights while the run goes on.</summary>
/// <remarks>Disposing stops it and waits for its end: the mapped files must outlive it, and a run that fails must not wait for gigabytes.</remarks>
internal sealed class WeightsHash : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly Task<string> _hash;

    public WeightsHash(Checkpoint checkpoint, CancellationToken cancellation)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _hash = Task.Run(() => checkpoint.ContentHash(cancellationToken: _stop.Token), _stop.Token);
    }

    /// <summary>The hash; waits for it.</summary>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public string Value => _hash.GetAwaiter().GetResult();

    public void Dispose()
    {
        _stop.Cancel();
        Task.WhenAny(_hash).Wait(CancellationToken.None);   // ends with the hash, however that ends
        _stop.Dispose();
    }
}
