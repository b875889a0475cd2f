using System.Text;
using Keyhole.Engine;
using Keyhole.Memories;
using Microsoft.Data.Sqlite;

namespace Keyhole.Studies;

/// <summary>
/// Writes a study. Everything goes to <c>PATH.partial</c>; <see cref="Complete"/> flushes it to the disk and renames it, so a file at PATH is always a whole study.
/// Disposing before that removes the partial file.
/// </summary>
/// <remarks>Not safe for several threads at once. A failed write throws <see cref="StudyNotWrittenException"/>.</remarks>
public sealed class StudyWriter : IDisposable
{
    private readonly PartialStudy _file;
    private readonly UnitBlockWriter _block = new();
    private SqliteCommand? _insertMemory;
    private SqliteCommand? _insertRanks;
    private SqliteCommand? _insertSample;
    private SqliteCommand? _insertCases;
    private NeuronId? _lastMemory;
    private int _lastUnit = -1;
    private int _lastTriggerUnit = -1;
    private long _units;
    private long _tokens;
    private long _memories;
    private bool _hasProvenance;

    private StudyWriter(PartialStudy file) => _file = file;

    /// <summary>Begins a study.</summary>
    /// <param name="path">Where it will stand.</param>
    /// <param name="overwrite">Whether an existing file may be replaced (it stays until the new study is complete).</param>
    /// <exception cref="InputRefusedException">KH5110: the path exists; KH5111: it is a folder or a device, or its folder does not exist; KH5113: another run writes it.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: the folder cannot be written.</exception>
    public static StudyWriter Create(string path, bool overwrite) => Create(path, overwrite, maxPages: null);

    /// <summary>Refuses a path where a study could not be put, before there is any work for it.</summary>
    /// <param name="path">Where it would stand.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="InputRefusedException">KH5110: the path exists; KH5111: it is a folder or a device, or its folder does not exist.</exception>
    public static void RequireFree(string path, bool overwrite) => PartialStudy.RequireFree(path, overwrite);

    /// <summary>As the public method; <paramref name="maxPages"/> bounds the file so that tests can fill the disk.</summary>
    internal static StudyWriter Create(string path, bool overwrite, int? maxPages) => new(PartialStudy.Create(path, overwrite, maxPages));

    /// <summary>Writes where the study comes from. May be called again; the last call counts.</summary>
    /// <param name="provenance">Where it comes from.</param>
    public void WriteProvenance(StudyProvenance provenance)
    {
        ArgumentNullException.ThrowIfNull(provenance);
        _file.Execute("DELETE FROM provenance");
        foreach ((string key, string value) in ProvenanceRows.Write(provenance))
        {
            WriteRow(key, value);
        }

        _hasProvenance = true;
    }

    /// <summary>Writes the corpus' files, once.</summary>
    /// <param name="files">Numbered from 0, with relative paths.</param>
    /// <exception cref="ArgumentException">A path is absolute.</exception>
    public void WriteFiles(IReadOnlyList<StudyFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        using SqliteCommand insert = _file.Prepare("INSERT INTO file (id, path, bytes, sha256) VALUES ($a, $b, $c, $d)");
        foreach (StudyFile file in files)
        {
            if (Path.IsPathRooted(file.Path))
            {
                throw new ArgumentException($"'{file.Path}' is absolute; a study names the files of its corpus relative to its root.", nameof(files));
            }

            _file.Run(insert, file.Index, file.Path, file.Bytes, file.Sha256);
        }
    }

    /// <summary>Adds a unit; their indices must rise.</summary>
    /// <param name="unit">The unit.</param>
    /// <exception cref="ArgumentException">The unit is out of order, or its tokens and spans differ in number, are negative or leave the text.</exception>
    public void AppendUnit(StudyUnit unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        _file.RequireOpen();
        if (unit.Index <= _lastUnit || unit.File < 0 || unit.Offset < 0 || unit.Length < 0)
        {
            throw new ArgumentException($"Unit {unit.Index} (file {unit.File}, offset {unit.Offset}, length {unit.Length}) cannot follow unit {_lastUnit}.", nameof(unit));
        }

        if (unit.Tokens.Length != unit.Spans.Length)
        {
            throw new ArgumentException($"Unit {unit.Index} has {unit.Tokens.Length} tokens and {unit.Spans.Length} spans.", nameof(unit));
        }

        for (int i = 0; i < unit.Tokens.Length; i++)
        {
            TokenSpan span = unit.Spans[i];
            if (unit.Tokens[i] < 0 || span.Start < 0 || span.End < span.Start || span.End > unit.Text.Length)
            {
                throw new ArgumentException($"Token {i} of unit {unit.Index} has id {unit.Tokens[i]} and {span} in a text of length {unit.Text.Length}.", nameof(unit));
            }
        }

        if (_block.IsFull)
        {
            WriteBlock();
        }

        _block.Add(unit);
        _lastUnit = unit.Index;
        _units++;
        _tokens += unit.Tokens.Length;
    }

    /// <summary>Adds a block of units that follow those before.</summary>
    /// <exception cref="ArgumentException">The block is out of order.</exception>
    internal void AppendBlock(PackedUnits block)
    {
        if (block.FirstUnit <= _lastUnit || block.LastUnit < block.FirstUnit || block.Units <= 0)
        {
            throw new ArgumentException($"Units {block.FirstUnit} to {block.LastUnit} cannot follow unit {_lastUnit}.", nameof(block));
        }

        WriteBlock();
        Insert(block);
        _lastUnit = block.LastUnit;
        _units += block.Units;
        _tokens += block.Tokens;
    }

    /// <summary>Writes the decoded text of every token id on its own, once, so that a study can be shown without its model.</summary>
    /// <param name="pieces">Text by id; shape [V].</param>
    public void WriteTokenPieces(IEnumerable<string> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        using SqliteCommand insert = _file.Prepare("INSERT INTO token (id, text) VALUES ($a, $b)");
        int id = 0;
        foreach (string piece in pieces)
        {
            _file.Run(insert, id++, piece);
        }
    }

    /// <summary>Writes a memory; they must come in their order (layer, expert, index).</summary>
    /// <param name="id">Its name.</param>
    /// <param name="statistics">Its statistics.</param>
    /// <param name="positive">Triggers of the positive pole, best first.</param>
    /// <param name="negative">Triggers of the negative pole, best first; empty where the model is not gated.</param>
    /// <param name="ranks">What the positive list is ordered by, where a shard's triggers do not tell it (docs/formats/study.md); empty elsewhere.</param>
    /// <exception cref="ArgumentException">The memory is out of order, or a trigger is not one.</exception>
    public void WriteMemory(NeuronId id, NeuronStatistics statistics, ReadOnlySpan<Trigger> positive, ReadOnlySpan<Trigger> negative, ReadOnlySpan<float> ranks = default)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        if (id.Layer < 0 || id.Index < 0 || id <= _lastMemory)
        {
            throw new ArgumentException($"{id} cannot follow {_lastMemory}.", nameof(id));
        }

        using MemoryStream stream = new();
        using (BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true))
        {
            statistics.Write(writer);
        }

        _insertMemory ??= _file.Prepare("""
            INSERT INTO memory (id, layer, expert, neuron, positive_count, negative_count, positive, negative, statistics)
            VALUES ($a, $b, $c, $d, $e, $f, $g, $h, $i)
            """);
        _file.Run(_insertMemory, _memories, id.Layer, id.Expert, id.Index, positive.Length, negative.Length,
            TriggerBlob.Write(positive, id.Expert >= 0), TriggerBlob.Write(negative, id.Expert >= 0), stream.ToArray());
        if (ranks.Length > 0)
        {
            WriteRanks(ranks, positive.Length);
        }

        NoteUnits(positive);
        NoteUnits(negative);
        _lastMemory = id;
        _memories++;
    }

    /// <summary>Writes the examples beyond the top of the memory that was written last.</summary>
    /// <param name="sample">The examples.</param>
    /// <exception cref="ArgumentException">An example is no trigger.</exception>
    /// <exception cref="InvalidOperationException">No memory was written.</exception>
    internal void WriteSample(MemorySample sample)
    {
        NeuronId id = _lastMemory ?? throw new InvalidOperationException("A sample follows its memory.");
        RequireSampleTables();
        _file.Run(_insertSample!, _memories - 1, TriggerBlob.Write(sample.Positive.AsSpan(), id.Expert >= 0), TriggerBlob.Write(sample.Negative.AsSpan(), id.Expert >= 0), FloatBlob.Write(sample.Random.AsSpan()));
        NoteUnits(sample.Positive.AsSpan());
        NoteUnits(sample.Negative.AsSpan());
    }

    /// <summary>Writes the lists of the sign cases of the memory that was written last.</summary>
    /// <param name="cases">The lists, best first, in the order of <see cref="SignCases.Named"/>.</param>
    /// <exception cref="ArgumentException">A trigger is not one.</exception>
    /// <exception cref="InvalidOperationException">No memory was written.</exception>
    internal void WriteCases(IReadOnlyList<Trigger[]> cases)
    {
        NeuronId id = _lastMemory ?? throw new InvalidOperationException("Sign cases follow their memory.");
        if (_insertCases is null)
        {
            _file.Execute(StudySchema.CreateCases);
            _insertCases = _file.Prepare($"INSERT INTO {StudySchema.CaseTable} (id, {string.Join(", ", StudySchema.CaseColumns)}) VALUES ($a, $b, $c, $d, $e)");
        }

        byte[][] lists = [.. cases.Select(list => TriggerBlob.Write(list, id.Expert >= 0))];
        _file.Run(_insertCases, _memories - 1, lists[0], lists[1], lists[2], lists[3]);
        foreach (Trigger[] list in cases)
        {
            NoteUnits(list);
        }
    }

    /// <summary>Writes the random positions that the samples of all memories have, once.</summary>
    internal void WriteRandomPositions(IEnumerable<RandomExample> positions)
    {
        RequireSampleTables();
        using SqliteCommand insert = _file.Prepare($"INSERT INTO {StudySchema.RandomTable} (id, unit, position, target) VALUES ($a, $b, $c, $d)");
        foreach ((int number, RandomExample position) in positions.Index())
        {
            _file.Run(insert, number, position.Unit, position.Position, position.Target);
        }
    }

    /// <summary>Finishes the study: flushes it to the disk and puts it in its place.</summary>
    /// <exception cref="InvalidOperationException">Provenance, or a unit that a trigger names, was not written.</exception>
    /// <exception cref="InputRefusedException">KH5110: another file was put at the path meanwhile.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: the disk is full or cannot be written.</exception>
    public void Complete()
    {
        if (!_hasProvenance || _lastTriggerUnit > _lastUnit)
        {
            throw new InvalidOperationException(_hasProvenance
                ? $"A trigger names unit {_lastTriggerUnit}, but the last unit written is {_lastUnit}."
                : "A study cannot be complete without its provenance.");
        }

        WriteBlock();
        WriteRow("count.units", ProvenanceRows.Text(_units));
        WriteRow("count.tokens", ProvenanceRows.Text(_tokens));
        _file.Execute($"PRAGMA user_version = {StudySchema.Version}");
        _insertMemory?.Dispose();
        _insertMemory = null;
        _insertRanks?.Dispose();
        _insertRanks = null;
        _insertSample?.Dispose();
        _insertSample = null;
        _insertCases?.Dispose();
        _insertCases = null;
        _file.Complete();
    }

    /// <summary>Ends writing; without <see cref="Complete"/> nothing is left behind.</summary>
    public void Dispose()
    {
        _insertMemory?.Dispose();
        _insertRanks?.Dispose();
        _insertSample?.Dispose();
        _insertCases?.Dispose();
        _block.Dispose();
        _file.Dispose();
    }

    private void WriteBlock()
    {
        if (_block.Units == 0)
        {
            return;
        }

        Insert(_block.Pack());
        _block.Clear();
    }

    private void Insert(PackedUnits block)
    {
        using SqliteCommand insert = _file.Prepare("INSERT INTO unit_block (first_unit, units, raw_bytes, zlib) VALUES ($a, $b, $c, $d)");
        _file.Run(insert, block.FirstUnit, block.Units, block.RawBytes, block.Zlib);
    }

    private void WriteRanks(ReadOnlySpan<float> ranks, int triggers)
    {
        if (ranks.Length != triggers)
        {
            throw new ArgumentException($"{triggers} triggers have {ranks.Length} ranks.", nameof(ranks));
        }

        if (_insertRanks is null)
        {
            _file.Execute(StudySchema.CreateRanks);
            _insertRanks = _file.Prepare($"INSERT INTO {StudySchema.RankTable} (id, positive) VALUES ($a, $b)");
        }

        _file.Run(_insertRanks, _memories, FloatBlob.Write(ranks));
    }

    private void RequireSampleTables()
    {
        if (_insertSample is null)
        {
            _file.Execute(StudySchema.CreateSamples);
            _insertSample = _file.Prepare($"INSERT INTO {StudySchema.SampleTable} (id, positive, negative, random) VALUES ($a, $b, $c, $d)");
        }
    }

    private void NoteUnits(ReadOnlySpan<Trigger> triggers)
    {
        foreach (ref readonly Trigger trigger in triggers)
        {
            _lastTriggerUnit = Math.Max(_lastTriggerUnit, trigger.Unit);
        }
    }

    private void WriteRow(string key, string value)
    {
        using SqliteCommand insert = _file.Prepare("INSERT INTO provenance (key, value) VALUES ($a, $b)");
        _file.Run(insert, key, value);
    }
}
