using Keyhole.Analyses;
using Keyhole.Engine;
using Keyhole.Studies;
using Microsoft.AspNetCore.Http;

namespace Keyhole.Web.Serving;

/// <summary>What computations find: no model, one that is being loaded, one that is ready, or one that cannot be used.</summary>
public enum ModelState
{
    /// <summary>The study's model is not there: all is shown but what must be computed.</summary>
    None,

    /// <summary>It is being opened, checked and packed; computations wait.</summary>
    Loading,

    /// <summary>It computes.</summary>
    Ready,

    /// <summary>It cannot be used; computations are refused with the reason.</summary>
    Refused,
}

/// <summary>Runs the model for requests: one computation at a time, a bounded number of them waiting, each stopped when no one waits for it any more.</summary>
public sealed class ModelRunner : IDisposable
{
    /// <summary>Computations that may wait for another one.</summary>
    public const int MostWaiting = 32;

    private readonly Turns _turns = new(1, MostWaiting, "KH7009", "The server is busy with other computations; try again in a moment.");
    private readonly CancellationTokenSource _stopping = new();
    private readonly ServedPaths _paths;
    private readonly Task<LoadedModel>? _loading;

    /// <summary>Begins to load a model in the background.</summary>
    /// <param name="study">The study's file.</param>
    /// <param name="model">Where the model is; null for where it was, or none where it is no longer there.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="paths">What readers are not told.</param>
    /// <exception cref="InputRefusedException">The study cannot be read.</exception>
    public ModelRunner(string study, string? model, int threads, ServedPaths paths)
    {
        _paths = paths;
        CancellationToken stop = _stopping.Token;
        _loading = model is null && !IsWhereItWas(study) ? null : Task.Run(
            () =>
            {
                using Study opened = Study.Open(study);
                return LoadedModel.Open(opened, model, threads, stop);
            },
            stop);
    }

    /// <summary>Whether there is a model, though it may still be loading or be refused.</summary>
    public bool HasModel => _loading is not null;

    /// <summary>What a computation would find now.</summary>
    public ModelState State => _loading switch
    {
        null => ModelState.None,
        { IsCompletedSuccessfully: true } => ModelState.Ready,
        { IsCompleted: true } => ModelState.Refused,
        _ => ModelState.Loading,
    };

    /// <summary>Why the model is not used; null where it is, or may be.</summary>
    public string? Reason => _loading switch
    {
        null => "The study's model is not at hand: what must be computed is not shown. Start with 'keyhole serve STUDY --model MODEL'.",
        { IsFaulted: true, Exception.InnerException: InputRefusedException refused } => _paths.Hide(refused.Message),
        { IsFaulted: true } => "The study's model could not be loaded; the server's own messages say why.",
        _ => null,
    };

    /// <summary>Waits until the model is loaded, or cannot be.</summary>
    /// <exception cref="InputRefusedException">It cannot be used.</exception>
    public Task Loaded => _loading ?? Task.CompletedTask;

    /// <summary>Computes when its turn comes.</summary>
    /// <param name="compute">The computation, on a thread of its own; it must stop when told to.</param>
    /// <param name="aborted">Whoever asked has gone.</param>
    /// <exception cref="RequestRefusedException">There is no model (KH7008), or too many wait already (KH7009).</exception>
    /// <exception cref="InputRefusedException">The model cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public async Task<T> Run<T>(Func<LoadedModel, CancellationToken, T> compute, CancellationToken aborted)
    {
        ArgumentNullException.ThrowIfNull(compute);
        if (_loading is null)
        {
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "KH7008", Reason!);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(aborted, _stopping.Token);
        return await _turns.Run(
            async () =>
            {
                LoadedModel model = await _loading.WaitAsync(stop.Token);
                return await Task.Run(() => compute(model, stop.Token), CancellationToken.None);
            },
            stop.Token);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        _turns.Close(TimeSpan.FromSeconds(10));   // a computation that runs stops at its next layer
        try
        {
            _loading?.GetAwaiter().GetResult().Dispose();
        }
        catch (Exception failure) when (failure is OperationCanceledException or InputRefusedException)
        {
            // It was never ready; whoever asked was told.
        }

        _turns.Dispose();
        _stopping.Dispose();
    }

    private static bool IsWhereItWas(string path)
    {
        using Study study = Study.Open(path);
        return StudyModel.IsAtHand(study.Provenance);
    }
}
