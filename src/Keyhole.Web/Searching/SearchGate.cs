using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Http;

namespace Keyhole.Web.Searching;

/// <summary>Lets a bounded number of searches run and wait: one comes with every letter that is typed, and a pattern may be slow.</summary>
internal sealed class SearchGate : IDisposable
{
    /// <summary>Searches that run at a time.</summary>
    public const int MostRunning = 2;

    /// <summary>Searches that may wait.</summary>
    public const int MostWaiting = 32;

    /// <summary>Time that a search may take.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly Turns _turns = new(MostRunning, MostWaiting, "KH7405", "Too many searches wait already; try again in a moment.");

    /// <summary>Searches when its turn comes, on another thread.</summary>
    /// <param name="search">The search; it stops when told to.</param>
    /// <param name="aborted">Whoever asked has gone.</param>
    /// <exception cref="RequestRefusedException">KH7405: too many wait; KH7406: it takes too long.</exception>
    public Task<T> Run<T>(Func<CancellationToken, T> search, CancellationToken aborted) => _turns.Run(
        async () =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(aborted);
            stop.CancelAfter(Longest);
            try
            {
                return await Task.Run(() => search(stop.Token), CancellationToken.None);
            }
            catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
            {
                throw new RequestRefusedException(StatusCodes.Status422UnprocessableEntity, "KH7406", $"The search took longer than {Longest.TotalSeconds:0} seconds and was stopped: look in fewer layers, for a rarer word, or with a simpler pattern.");
            }
        },
        aborted);

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();
}
