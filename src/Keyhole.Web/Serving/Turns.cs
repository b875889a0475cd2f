using Microsoft.AspNetCore.Http;

namespace Keyhole.Web.Serving;

/// <summary>Lets a bounded number of pieces of work run, and a bounded number wait for their turn; what is more is refused at once.</summary>
/// <param name="running">Most at a time.</param>
/// <param name="waiting">Most that wait.</param>
/// <param name="code">Code of the refusal.</param>
/// <param name="sentence">What the refusal says.</param>
internal sealed class Turns(int running, int waiting, string code, string sentence) : IDisposable
{
    private readonly SemaphoreSlim _free = new(running, running);
    private int _present;

    /// <summary>Works when its turn comes.</summary>
    /// <param name="work">The work.</param>
    /// <param name="stop">Stops waiting.</param>
    /// <exception cref="RequestRefusedException">Too many are here already.</exception>
    /// <exception cref="OperationCanceledException">Stopped before its turn came.</exception>
    public async Task<T> Run<T>(Func<Task<T>> work, CancellationToken stop)
    {
        try
        {
            if (Interlocked.Increment(ref _present) > running + waiting)
            {
                throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable, code, sentence);
            }

            await _free.WaitAsync(stop);
            try
            {
                return await work();
            }
            finally
            {
                _free.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _present);
        }
    }

    /// <summary>Takes a turn for good, so that no work begins any more; false where what runs did not end in time.</summary>
    /// <param name="patience">How long to wait for it.</param>
    public bool Close(TimeSpan patience) => _free.Wait(patience);

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}
