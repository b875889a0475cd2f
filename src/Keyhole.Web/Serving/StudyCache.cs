using System.Security.Cryptography;
using System.Text;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;

namespace Keyhole.Web.Serving;

/// <summary>What is made of a whole study: made once, for all who ask, and again when the study was mined or analysed anew. (Annotations, which change the file too, do not count.)</summary>
internal sealed class StudyCache<T> : IDisposable
    where T : class
{
    private readonly StudyPool _studies;
    private readonly Func<Study, CancellationToken, T> _make;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;   // lives on where the work outlives the server by a moment
    private readonly Lock _lock = new();
    private string? _tag;
    private Task<T>? _made;

    /// <param name="studies">The study.</param>
    /// <param name="make">Makes it; takes up to seconds.</param>
    public StudyCache(StudyPool studies, Func<Study, CancellationToken, T> make) => (_studies, _make, _stop) = (studies, make, _stopping.Token);

    /// <summary>What was made, and its tag, as HTTP writes them: the same tag, the same content.</summary>
    /// <param name="aborted">Stops waiting; the work goes on, for whoever asks next.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: the study is damaged.</exception>
    public async Task<(T Content, string Tag)> Get(CancellationToken aborted)
    {
        string tag;
        using (StudyLease lease = _studies.Rent())
        {
            tag = StudyTag.Of(lease.Study);
        }

        Task<T> made;
        lock (_lock)
        {
            if (_made is null || _tag != tag || _made.IsFaulted || _made.IsCanceled)
            {
                (_tag, _made) = (tag, Task.Run(Make, _stop));
            }

            made = _made;
        }

        return (await made.WaitAsync(aborted), tag);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private T Make()
    {
        using StudyLease lease = _studies.Rent();
        return _make(lease.Study, _stop);
    }
}
