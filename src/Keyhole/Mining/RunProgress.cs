using System.Globalization;

namespace Keyhole.Mining;

/// <summary>How far a run has come that has left a checkpoint, be it stopped or still going on.</summary>
/// <param name="Written">When the checkpoint was written.</param>
/// <param name="IsRead">Whether the corpus is read; before, the number of tokens is not known.</param>
/// <param name="MinedTokens">Tokens that have been through the model.</param>
/// <param name="Tokens">Tokens of the run, or those read so far.</param>
public sealed record RunProgress(DateTimeOffset Written, bool IsRead, long MinedTokens, long Tokens)
{
    /// <summary>Share of the tokens that have been through the model.</summary>
    public double Share => IsRead && Tokens > 0 ? (double)MinedTokens / Tokens : 0;

    /// <summary>Reads the head of a checkpoint; null where there is none that can be read.</summary>
    /// <param name="study">The study that the run is to write.</param>
    public static RunProgress? Of(string study)
    {
        ArgumentException.ThrowIfNullOrEmpty(study);
        string path = RunFolder.CheckpointOf(study);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new BinaryReader(file);
            file.Position = CheckpointFile.HeadBytes;
            RunIdentity identity = RunIdentity.Restore(reader);
            int shards = int.Parse(identity["shard.count"] ?? "1", NumberStyles.None, CultureInfo.InvariantCulture);
            var state = RunState.Restore(reader, shards);
            return new RunProgress(File.GetLastWriteTimeUtc(path), state.IsRead, state.MinedTokens, state.KeptTokens);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or ArgumentException or OverflowException)
        {
            return null;   // none yet, or none that tells anything; --resume says what is wrong with it
        }
    }
}
