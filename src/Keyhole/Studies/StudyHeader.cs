using System.Buffers.Binary;
using Keyhole.Engine;

namespace Keyhole.Studies;

/// <summary>Checks the first bytes of a file before SQLite sees it, so that what is no whole study gets an answer that says why.</summary>
/// <remarks>SQLite file format, section 1.3: page size at 16, pages at 28, user_version at 60, application_id at 68, all big-endian.</remarks>
internal static class StudyHeader
{
    private const int Length = 100;

    /// <summary>Checks the file; where a run was killed while it changed the study, puts the old pages back first.</summary>
    /// <exception cref="InputRefusedException">KH5101, KH5102, KH5103, KH5104 or KH5105.</exception>
    public static void Check(string path)
    {
        long missing = MissingBytes(path);
        if (StudyJournal.RollBack(path) || missing > 0)
        {
            missing = MissingBytes(path);   // also where a commit that was under way at the first look has removed its journal since
        }

        if (missing > 0)
        {
            throw new InputRefusedException("KH5105", $"{path}: the study is damaged: it is {missing} bytes shorter than its header says; copy it again or mine it again.");
        }
    }

    // How much shorter the file is than its header says. Refuses what is no study.
    private static long MissingBytes(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InputRefusedException("KH5102", $"{path}: this is a folder, not a study; give the file that 'keyhole mine' wrote.");
        }

        if (!File.Exists(path))
        {
            throw new InputRefusedException("KH5101", $"{path}: no such file; give the study that 'keyhole mine' wrote.");
        }

        Span<byte> header = stackalloc byte[Length];
        long bytes;
        int read;
        try
        {
            using FileStream file = File.OpenRead(path);
            bytes = file.Length;
            read = file.ReadAtLeast(header, Length, throwOnEndOfStream: false);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException("KH5101", $"{path}: the study cannot be read ({cause.Message.TrimEnd('.')}); check the file's permissions.", cause);
        }

        if (read < Length || !header.StartsWith("SQLite format 3\0"u8))
        {
            throw new InputRefusedException("KH5102", $"{path}: this is not a study (an SQLite file is expected); give the file that 'keyhole mine' wrote.");
        }

        int application = BinaryPrimitives.ReadInt32BigEndian(header[68..]);
        if (application != StudySchema.ApplicationId)
        {
            throw new InputRefusedException("KH5102",
                $"{path}: this is an SQLite file but not a study (application_id is 0x{application:X8}, expected 0x{StudySchema.ApplicationId:X8}); give the file that 'keyhole mine' wrote.");
        }

        int version = BinaryPrimitives.ReadInt32BigEndian(header[60..]);
        if (version == 0)
        {
            throw new InputRefusedException("KH5103", $"{path}: the study is half-written: its run did not finish; mine it again.");
        }

        if (version is < 0 or > StudySchema.Version)
        {
            throw new InputRefusedException("KH5104", $"{path}: the study has schema version {version}, this program reads up to {StudySchema.Version}; update keyhole.");
        }

        int field = BinaryPrimitives.ReadUInt16BigEndian(header[16..]);
        long pageSize = field == 1 ? 65536 : field;
        long expected = pageSize * BinaryPrimitives.ReadUInt32BigEndian(header[28..]);
        return expected - bytes;
    }
}
