using System.Collections.Concurrent;
using Keyhole.Studies;

namespace Keyhole.Web.Serving;

/// <summary>Open readers of one study, for a <see cref="Study"/> serves one thread at a time.</summary>
/// <param name="path">The study's file.</param>
public sealed class StudyPool(string path) : IDisposable
{
    private const int MostKept = 16;
    private readonly ConcurrentBag<Study> _free = [];
    private int _kept;
    private bool _disposed;

    /// <summary>The study's file, as it was given.</summary>
    public string FilePath => path;

    /// <summary>A reader for a while; disposing the lease gives it back.</summary>
    /// <exception cref="Engine.InputRefusedException">The file is no study any more.</exception>
    public StudyLease Rent()
    {
        if (_free.TryTake(out Study? study))
        {
            Interlocked.Decrement(ref _kept);
            return new StudyLease(this, study);
        }

        return new StudyLease(this, Study.Open(path));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        while (_free.TryTake(out Study? study))
        {
            study.Dispose();
        }
    }

    internal void Return(Study study)
    {
        if (_disposed || Interlocked.Increment(ref _kept) > MostKept)
        {
            Interlocked.Decrement(ref _kept);
            study.Dispose();
            return;
        }

        _free.Add(study);
    }
}

/// <summary>A study that is rented from a pool.</summary>
public sealed class StudyLease : IDisposable
{
    private readonly StudyPool _pool;
    private Study? _study;

    internal StudyLease(StudyPool pool, Study study) => (_pool, _study) = (pool, study);

    /// <summary>The study, until the lease is disposed.</summary>
    public Study Study => _study ?? throw new ObjectDisposedException(nameof(StudyLease));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _study, null) is { } study)
        {
            _pool.Return(study);
        }
    }
}
