using System.Runtime.ExceptionServices;

namespace Keyhole.Engine.Models;

/// <summary>Threads that take items as they become free: the caller and threads - 1 of its own.</summary>
/// <remarks>
/// Threads of its own, because the shared pool brings in a second thread when it sees fit, and a layer is over by then. One run at a time.
/// </remarks>
public sealed class WorkerPool : IDisposable
{
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _start = new(0);
    private readonly CountdownEvent _working = new(1);
    private Action<int, int> _body = (_, _) => { };
    private CancellationToken _cancellation;
    private int _items;
    private int _next;
    private int _nextWorker;
    private ExceptionDispatchInfo? _failure;
    private bool _ends;

    /// <summary>Starts the threads, which wait until there is work.</summary>
    /// <param name="threads">Workers, the caller among them.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Threads = threads;
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Serve) { IsBackground = true, Name = "keyhole worker" };
            _threads[i].Start();
        }
    }

    /// <summary>Number of workers.</summary>
    public int Threads { get; }

    /// <summary>Calls <paramref name="body"/>(worker, item) for every item; a worker number, 0 .. threads - 1, is never in use twice at a time.</summary>
    /// <remarks>The first failure stops the rest and is thrown as it was.</remarks>
    /// <param name="items">Number of items.</param>
    /// <param name="body">Given the worker and the item.</param>
    /// <param name="cancellation">Stops before the next item.</param>
    public void Run(int items, Action<int, int> body, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(body);
        int helpers = Math.Clamp(items - 1, 0, _threads.Length);
        _body = body;
        _items = items;
        _cancellation = cancellation;
        _failure = null;
        _next = -1;
        _nextWorker = 0;
        _working.Reset(helpers + 1);
        Wake(helpers);
        Work(0);
        _working.Signal();
        _working.Wait(CancellationToken.None);
        _failure?.Throw();
    }

    /// <summary>Ends the threads; no run may be under way.</summary>
    public void Dispose()
    {
        _ends = true;
        Wake(_threads.Length);
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _start.Dispose();
        _working.Dispose();
    }

    private void Wake(int threads)
    {
        if (threads > 0)   // a semaphore cannot be released by none
        {
            _start.Release(threads);
        }
    }

    private void Serve()
    {
        while (true)
        {
            _start.Wait();
            if (_ends)
            {
                return;
            }

            Work(Interlocked.Increment(ref _nextWorker));
            _working.Signal();
        }
    }

    private void Work(int worker)
    {
        try
        {
            for (int item = Interlocked.Increment(ref _next); item < _items; item = Interlocked.Increment(ref _next))
            {
                _cancellation.ThrowIfCancellationRequested();
                _body(worker, item);
            }
        }
        catch (Exception failure)   // carried to the caller, whatever it is
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
            Volatile.Write(ref _next, _items);   // nobody starts another item
        }
    }
}
