using Keyhole.Engine;

namespace Keyhole.Mining;

/// <summary>
/// The folder <c>STUDY.run</c> of a run that is not finished: its tokens and units, and its checkpoint. One process at a time is in it. It goes with the end of the
/// run, or with a run that stops and left no checkpoint.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string CheckpointName = "checkpoint";
    private static readonly string[] Names = ["units", "tokens", CheckpointName, "checkpoint.new"];

    private readonly string _folder;
    private FileStream? _lock;

    private RunFolder(string folder, FileStream held)
    {
        _folder = folder;
        _lock = held;
    }

    /// <summary>Blocks of units.</summary>
    public string Units => File("units");

    /// <summary>Token ids.</summary>
    public string Tokens => File("tokens");

    /// <summary>The checkpoint.</summary>
    public string Checkpoint => File(CheckpointName);

    /// <summary>Where a checkpoint is written before it takes the place of the one before.</summary>
    public string NewCheckpoint => File("checkpoint.new");

    /// <summary>The folder of a study's run.</summary>
    public static string PathOf(string study) => Path.GetFullPath(study) + ".run";

    /// <summary>The checkpoint of a study's run.</summary>
    public static string CheckpointOf(string study) => Path.Combine(PathOf(study), CheckpointName);

    /// <summary>Whether a study's run has left a checkpoint.</summary>
    public static bool HasCheckpoint(string study) => System.IO.File.Exists(CheckpointOf(study));

    /// <summary>Enters the folder, which is made where there is none.</summary>
    /// <param name="study">The study to be written.</param>
    /// <param name="resume">Keep what a run has left.</param>
    /// <param name="overwrite">Otherwise drop a checkpoint that is there.</param>
    /// <exception cref="InputRefusedException">KH5003: it cannot be made; KH5010: a checkpoint is there and is neither to be used nor dropped; KH5113: another run is in it.</exception>
    public static RunFolder Enter(string study, bool resume, bool overwrite)
    {
        string path = PathOf(study);
        FileStream held;
        try
        {
            Directory.CreateDirectory(path);
            held = new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (System.IO.File.Exists(Path.Combine(path, "lock")))
        {
            throw new InputRefusedException("KH5113", $"{study}: another run is writing this study ('{path}' is in use); wait for it or give another path.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException("KH5003", $"{path}: this folder cannot be made or written ({failure.Message.TrimEnd('.')}). The tokens of the corpus and the checkpoint are kept beside the study while it is mined; choose a folder that can be written to.", failure);
        }

        var folder = new RunFolder(path, held);
        try
        {
            if (!resume && !overwrite && folder.IsResumable)
            {
                throw new InputRefusedException("KH5010", $"{study}: an unfinished run of this study is there ('{path}'). Go on with it with --resume, or begin anew with --overwrite.");
            }

            if (!resume || !folder.IsResumable)
            {
                folder.Clear();
            }

            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a checkpoint.</summary>
    public bool IsResumable => System.IO.File.Exists(Checkpoint);

    /// <summary>Drops everything: the run is finished.</summary>
    public void Delete()
    {
        Clear();
        Dispose();
    }

    public void Dispose()
    {
        if (_lock is not { } held)
        {
            return;
        }

        _lock = null;
        bool leave = IsResumable;
        if (!leave)
        {
            Clear();
            System.IO.File.Delete(held.Name);
        }

        held.Dispose();
        if (!leave && !Directory.EnumerateFileSystemEntries(_folder).Any())
        {
            Directory.Delete(_folder);
        }
    }

    private void Clear()
    {
        foreach (string name in Names)
        {
            System.IO.File.Delete(File(name));
        }
    }

    private string File(string name) => Path.Combine(_folder, name);
}
