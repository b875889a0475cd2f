using System.Runtime.ExceptionServices;

namespace Keyhole.Engine.Models;

/// <summary>Deals items to threads as they become free.</summary>
internal static class Workers
{
    /// <summary>Calls <paramref name="body"/>(worker, item) for every item; a worker number is never in use twice at a time.</summary>
    /// <remarks>The first failure stops the rest and is thrown as it was.</remarks>
    public static void Run(int threads, int items, Action<int, int> body, CancellationToken cancellation)
    {
        int next = -1;
        void Work(int worker)
        {
            for (int item = Interlocked.Increment(ref next); item < items; item = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                body(worker, item);
            }
        }

        if (threads == 1 || items <= 1)
        {
            Work(0);
            return;
        }

        try
        {
            Parallel.For(0, Math.Min(threads, items), new ParallelOptions { MaxDegreeOfParallelism = threads }, worker =>
            {
                try
                {
                    Work(worker);
                }
                catch
                {
                    Volatile.Write(ref next, items);   // nobody starts another item
                    throw;
                }
            });
        }
        catch (AggregateException failures)
        {
            Exception first = failures.InnerExceptions.FirstOrDefault(failure => failure is not OperationCanceledException) ?? failures.InnerExceptions[0];
            ExceptionDispatchInfo.Throw(first);
        }
    }
}
