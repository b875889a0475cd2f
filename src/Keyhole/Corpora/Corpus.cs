using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Keyhole.Corpora;

/// <summary>Text files as one sequence of numbered units, read as a stream.</summary>
/// <remarks>
/// The order is fixed: the paths as given; the files of a folder or pattern in ordinal order of their relative paths; the bytes of a file.
/// Formats, units and the rules behind them: <c>docs/corpora.md</c>. Whatever cannot be read as text throws <see cref="Engine.InputRefusedException"/> (KH40xx).
/// One reading at a time; <see cref="BytesRead"/> may be watched from another thread.
/// </remarks>
public sealed class Corpus
{
    private readonly CorpusOptions _options;
    private readonly List<CorpusSource> _sources;
    private readonly CorpusFile[] _files;
    private readonly FileReading?[] _readings;
    private CorpusInput? _input;   // of the file that is being read
    private int _inProgress;
    private CorpusTally _tally = new();
    private long _bytesRead;
    private bool _standardInputUsed;

    private Corpus(List<CorpusSource> sources, CorpusOptions options)
    {
        _sources = sources;
        _options = options;
        _files = [.. sources.Select((s, i) => new CorpusFile(i, s.RelativePath, StoredLength(s), null))];
        _readings = new FileReading?[_files.Length];
        Files = Array.AsReadOnly(_files);
    }

    /// <summary>The files in order.</summary>
    public IReadOnlyList<CorpusFile> Files { get; }

    /// <summary>Stored bytes read by the current reading; with <see cref="TotalBytes"/> this is the progress.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Stored bytes of all files; standard input counts with what was read of it.</summary>
    public long TotalBytes => _files.Sum(f => f.Bytes);

    /// <summary>Counts of the current reading.</summary>
    public CorpusCounts Counts => _tally.Snapshot();

    /// <summary>
    /// SHA-256, in lower-case hexadecimal, of one line a file in corpus order: <c>sha256 TAB bytes TAB relative path LF</c> (UTF-8), where a file
    /// that was not read to its end (the limit came first) has <c>-</c> for its hash.
    /// </summary>
    public string ContentHash => HashOf(_files);

    /// <summary>Whether a part of the corpus is standard input, which cannot be read twice.</summary>
    public bool HasStandardInput => _sources.Exists(source => source.FullPath is null);

    /// <summary>How far the current reading, or the last one, has come in each file that it has met.</summary>
    public IReadOnlyList<FileReading> Readings
    {
        get
        {
            RecordReading();
            return [.. _readings.OfType<FileReading>()];
        }
    }

    /// <summary>The hash of files as <see cref="ContentHash"/> has it.</summary>
    /// <param name="files">The files in order.</param>
    public static string HashOf(IEnumerable<CorpusFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        StringBuilder lines = new();
        foreach (CorpusFile file in files)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{file.Sha256 ?? "-"}\t{file.Bytes}\t{file.RelativePath}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())));
    }

    /// <summary>Finds the files; reads none of them.</summary>
    /// <param name="paths">Files, folders (with their subfolders, hidden entries aside), patterns with <c>*</c>, <c>?</c>, <c>**</c>, or <c>-</c> for standard input.</param>
    /// <param name="options">How the text is cut.</param>
    /// <exception cref="Engine.InputRefusedException">A path is missing or matches no file.</exception>
    public static Corpus Open(IReadOnlyList<string> paths, CorpusOptions options)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Limit is < 0) throw new ArgumentOutOfRangeException(nameof(options), "The limit of units is negative.");
        return new Corpus(CorpusPaths.Resolve(paths, options.StandardInputName), options);
    }

    /// <summary>The absolute path of a file on this machine; null for standard input.</summary>
    public string? PathOf(int file) => _sources[file].FullPath;

    /// <summary>Reads the units in order, from the first. Holds one line, paragraph, record or document at a time.</summary>
    /// <param name="cancellationToken">Stops the reading, also while it waits for standard input.</param>
    /// <exception cref="Engine.InputRefusedException">A file is missing, not text, or malformed.</exception>
    public IEnumerable<TextUnit> ReadUnits(CancellationToken cancellationToken = default)
    {
        CorpusTally tally = _tally = new CorpusTally();
        Interlocked.Exchange(ref _bytesRead, 0);
        if (_options.Limit == 0) yield break;
        List<TextUnit> units = [];
        for (int file = 0; file < _sources.Count; file++)
        {
            using CorpusInput input = OpenInput(file, cancellationToken);
            using var reading = new ReadingInProgress(this, file, input);
            FileReader reader = FileReaders.Create(input, file, _sources[file].FullPath is null, _options, tally);
            bool more = true;
            while (more)
            {
                cancellationToken.ThrowIfCancellationRequested();
                units.Clear();
                more = reader.Read(units);
                foreach (TextUnit unit in units)
                {
                    tally.Count(unit);
                    yield return unit;
                    if (tally.Units == _options.Limit) yield break;
                }
            }

            string hash = input.FinishHash();
            _files[file] = _files[file] with { Bytes = input.StoredBytes, Sha256 = hash };
            reading.Finish(hash);
        }
    }

    private void RecordReading()
    {
        if (_input is { } input)
        {
            _readings[_inProgress] = new FileReading(_files[_inProgress], input.StoredBytes, input.HashSoFar());
        }
    }

    private static long StoredLength(CorpusSource source)
    {
        if (source.FullPath is null) return 0;
        try
        {
            FileInfo info = new(source.FullPath);
            if (info.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) info = target;
            return info.Exists ? info.Length : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CorpusRefusal.Unreadable(source.RelativePath, e);
        }
    }

    private CorpusInput OpenInput(int file, CancellationToken cancellationToken)
    {
        CorpusSource source = _sources[file];
        return new CorpusInput(OpenStored(source, cancellationToken), source.RelativePath, count =>
        {
            Interlocked.Add(ref _bytesRead, count);
            if (source.FullPath is null) _files[file] = _files[file] with { Bytes = _files[file].Bytes + count };
        });
    }

    private Stream OpenStored(CorpusSource source, CancellationToken cancellationToken)
    {
        if (source.FullPath is null)
        {
            if (_standardInputUsed) throw new InvalidOperationException("Standard input can be read once.");
            _standardInputUsed = true;
            return new InterruptibleStream(_options.OpenStandardInput(), cancellationToken);
        }

        try
        {
            // The reader's own window is the buffer.
            return new FileStream(source.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CorpusRefusal.Unreadable(source.RelativePath, e);
        }
    }

    // A reading that stops halfway leaves word of how far it came.
    private sealed class ReadingInProgress : IDisposable
    {
        private readonly Corpus _corpus;

        public ReadingInProgress(Corpus corpus, int file, CorpusInput input)
        {
            _corpus = corpus;
            _corpus._inProgress = file;
            _corpus._input = input;
        }

        public void Finish(string hash)
        {
            int file = _corpus._inProgress;
            _corpus._readings[file] = new FileReading(_corpus._files[file], _corpus._files[file].Bytes, hash);
            _corpus._input = null;
        }

        public void Dispose()
        {
            _corpus.RecordReading();
            _corpus._input = null;
        }
    }
}
