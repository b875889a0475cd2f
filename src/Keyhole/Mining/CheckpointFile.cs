using System.Security.Cryptography;
using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Mining;

/// <summary>The file that a stopped run goes on from (docs/formats/run.md): written aside, flushed to the disk and renamed, so that there is always a whole one.</summary>
internal static class CheckpointFile
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Bytes before the content.</summary>
    public static int HeadBytes => Magic.Length;

    private static ReadOnlySpan<byte> Magic => "KHrun\0\0\u0002"u8;

    /// <summary>Writes a checkpoint in the place of the one before.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="body">Writes the content.</param>
    /// <exception cref="StudyNotWrittenException">KH5012: the disk is full or cannot be written; the checkpoint before stands.</exception>
    public static void Write(RunFolder folder, Action<BinaryWriter> body)
    {
        try
        {
            using (var file = new FileStream(folder.NewCheckpoint, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                using var hash = SHA256.Create();
                using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
                using (var buffered = new BufferedStream(hashed, BufferBytes))
                using (var writer = new BinaryWriter(buffered))
                {
                    writer.Write(Magic);
                    body(writer);
                }

                file.Write(hash.Hash);
                file.Flush(flushToDisk: true);
            }

            File.Move(folder.NewCheckpoint, folder.Checkpoint, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            DropUnfinished(folder);
            string standing = File.Exists(folder.Checkpoint) ? " The checkpoint before it stands: make room, then go on from it with --resume." : string.Empty;
            throw new StudyNotWrittenException("KH5012", $"{folder.Checkpoint}: a checkpoint could not be written ({failure.Message.TrimEnd('.')}).{standing}", failure);
        }
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="body">Reads the content.</param>
    /// <exception cref="InputRefusedException">KH5013: the file is damaged, or cannot be read.</exception>
    public static void Read(RunFolder folder, Action<BinaryReader> body)
    {
        try
        {
            using var file = new FileStream(folder.Checkpoint, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
            long end = RequireWhole(file);
            file.Position = Magic.Length;
            using var reader = new BinaryReader(file);
            body(reader);
            if (file.Position != end)
            {
                throw new InvalidDataException($"{end - file.Position} bytes follow its content");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or ArgumentException or OverflowException)
        {
            throw Damaged(folder, failure);
        }
    }

    /// <summary>The refusal of what a run has left and cannot be read.</summary>
    public static InputRefusedException Damaged(RunFolder folder, Exception failure)
        => new("KH5013", $"{folder.Checkpoint}: what the unfinished run has left is damaged ({failure.Message.TrimEnd('.')}). Begin anew with --overwrite.", failure);

    private static void DropUnfinished(RunFolder folder)
    {
        try
        {
            File.Delete(folder.NewCheckpoint);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It stays beside the whole one, and the next checkpoint is written over it.
        }
    }

    // Where the content ends; the hash of everything before stands there.
    private static long RequireWhole(FileStream file)
    {
        long end = file.Length - SHA256.HashSizeInBytes;
        Span<byte> magic = stackalloc byte[Magic.Length];
        if (end < Magic.Length || file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length || !magic.SequenceEqual(Magic))
        {
            throw new InvalidDataException("it does not begin as a checkpoint of this program does");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(magic);
        byte[] buffer = new byte[BufferBytes];
        for (long left = end - magic.Length; left > 0;)
        {
            int read = file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0)
            {
                throw new EndOfStreamException("it ends early");
            }

            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        Span<byte> stated = stackalloc byte[SHA256.HashSizeInBytes];
        file.ReadExactly(stated);
        return stated.SequenceEqual(hash.GetHashAndReset()) ? end : throw new InvalidDataException("its bytes are not those that were written");
    }
}
