using System.Threading.Channels;
using Keyhole.Annotations;
using Keyhole.Studies;
using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Http;

namespace Keyhole.Web.Annotating;

/// <summary>The one writer of annotations in this process. Saves that come together are kept in one transaction, so that many annotators cost little more than one.</summary>
internal sealed class AnnotationDesk : IAsyncDisposable
{
    /// <summary>Saves that may wait for the disk.</summary>
    public const int MostWaiting = 512;

    /// <summary>Saves that are kept in one transaction.</summary>
    public const int MostTogether = 64;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly SemaphoreSlim _long = new(1, 1);
    private readonly Task _writing;
    private AnnotationProject? _project;

    /// <param name="studies">The study.</param>
    public AnnotationDesk(StudyPool studies)
    {
        Store = new AnnotationStore(studies.FilePath);
        _writing = Task.Run(Write);
    }

    /// <summary>Writes what is not saved by the hundred.</summary>
    public AnnotationStore Store { get; }

    /// <summary>The study's project, as it is now; null where it has none.</summary>
    public AnnotationProject? Project(Study study) => _project = AnnotationTable.Project(study, _project);

    /// <summary>The study's project.</summary>
    /// <exception cref="RequestRefusedException">KH7303: it has none.</exception>
    public AnnotationProject Required(Study study) => Project(study)
        ?? throw new RequestRefusedException(StatusCodes.Status404NotFound, "KH7303", "This study has no annotation project yet; make one on the page 'Annotate'.");

    /// <summary>Keeps a save; what is kept stays kept whatever becomes of the request.</summary>
    /// <exception cref="RequestRefusedException">KH7304: too many saves wait.</exception>
    /// <exception cref="Engine.InputRefusedException">KH5113: another run writes the study.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: it cannot be written.</exception>
    public Task<SaveResult> Save(AnnotationSave save)
    {
        Waiting waiting = new(save);
        return _waiting.Writer.TryWrite(waiting)
            ? waiting.Result.Task
            : throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable, "KH7304", "Too many saves wait for the disk; this one is tried again in a moment.");
    }

    /// <summary>Runs what takes a while: one at a time.</summary>
    /// <exception cref="RequestRefusedException">KH7305: another one takes too long.</exception>
    public async Task<T> RunLong<T>(Func<Task<T>> work, CancellationToken aborted)
    {
        if (!await _long.WaitAsync(s_patience, aborted))
        {
            throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable, "KH7305", "The server is busy drawing sheets, importing or measuring for someone else; try again in a moment.");
        }

        try
        {
            return await Task.Run(work, CancellationToken.None);
        }
        finally
        {
            _long.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;   // what waits is still written
        _long.Dispose();
    }

    private async Task Write()
    {
        List<Waiting> together = [];
        while (await _waiting.Reader.WaitToReadAsync())
        {
            together.Clear();
            while (together.Count < MostTogether && _waiting.Reader.TryRead(out Waiting? next))
            {
                together.Add(next);
            }

            Keep(together);
        }
    }

    private void Keep(List<Waiting> together)
    {
        try
        {
            IReadOnlyList<SaveResult> results = Store.Save([.. together.Select(waiting => waiting.Save)]);
            for (int i = 0; i < results.Count; i++)
            {
                together[i].Result.SetResult(results[i]);
            }
        }
        catch (Exception failure)
        {
            // Each request answers with it; the next saves are tried anew.
            foreach (Waiting waiting in together)
            {
                waiting.Result.TrySetException(failure);
            }
        }
    }

    private sealed record Waiting(AnnotationSave Save)
    {
        public TaskCompletionSource<SaveResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
