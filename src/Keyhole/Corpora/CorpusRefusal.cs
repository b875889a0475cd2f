using System.Globalization;
using Keyhole.Engine;

namespace Keyhole.Corpora;

/// <summary>The sentences with which a corpus is refused; the codes stand in <c>docs/errors/corpora.md</c>.</summary>
internal static class CorpusRefusal
{
    public static InputRefusedException Missing(string path)
        => new("KH4001", $"Corpus '{path}': there is no such file or folder; check the path (a pattern needs *, ** or ?).");

    public static InputRefusedException NoFiles(string path)
        => new("KH4002", $"Corpus '{path}': no file matches; a folder is searched with its subfolders, hidden files aside.");

    public static InputRefusedException Folder(string path)
        => new("KH4003", $"'{path}' is a folder: name one file of texts.");

    public static InputRefusedException Unreadable(string path, Exception cause)
        => new("KH4003", $"Corpus file '{path}' cannot be read: {cause.Message}", cause);

    public static InputRefusedException NotText(string file, long offset, string found, string remedy)
        => new("KH4004", string.Create(CultureInfo.InvariantCulture, $"Corpus file '{file}' is not text: at byte {offset} it has {found}; {remedy}"));

    public static InputRefusedException Compressed(string file, string found, Exception? cause = null)
        => new("KH4005", $"Corpus file '{file}': {found}; copy or download it again, or check it with 'gzip -t'.", cause);

    public static InputRefusedException TooLong(string file, long offset, string what, int limit)
        => new("KH4006", string.Create(CultureInfo.InvariantCulture,
            $"Corpus file '{file}': the {what} that begins at byte {offset} is longer than {limit} bytes; cut it into smaller ones."));

    public static InputRefusedException BadRecord(string file, long line, string reason)
        => new("KH4007", string.Create(CultureInfo.InvariantCulture, $"Corpus file '{file}', line {line}: {reason}"));

    public static InputRefusedException NoTextField(string file, long line, string field, string present)
        => new("KH4008", string.Create(CultureInfo.InvariantCulture,
            $"Corpus file '{file}', line {line}: there is no text field '{field}'; the fields are {present}. Name one with --text-field."));
}
