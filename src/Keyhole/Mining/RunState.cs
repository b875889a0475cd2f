using Keyhole.Corpora;
using Keyhole.Mining.Sampling;

namespace Keyhole.Mining;

/// <summary>How far a run has come.</summary>
internal sealed class RunState
{
    /// <param name="shards">Shards that the corpus is dealt out to.</param>
    public RunState(int shards) => Dealt = new long[shards];

    private RunState(BinaryReader reader, int shards)
    {
        IsRead = reader.ReadBoolean();
        SourceUnits = reader.ReadInt64();
        Texts = reader.ReadInt32();
        Candidates = reader.ReadInt64();
        Dealt = [.. Enumerable.Range(0, shards).Select(_ => reader.ReadInt64())];
        KeptTexts = reader.ReadInt32();
        KeptTokens = reader.ReadInt64();
        Longest = reader.ReadInt32();
        SpoolBytes = reader.ReadInt64();
        BlockBytes = reader.ReadInt64();
        MinedTexts = reader.ReadInt32();
        MinedTokens = reader.ReadInt64();
        MinedBytes = reader.ReadInt64();
        ChunkTexts = reader.ReadInt32();
        ChunkLayers = reader.ReadInt32();
        WindowTokens = reader.ReadInt32();
        Changed = reader.ReadDouble();
        IsStable = reader.ReadBoolean();
        Random = RandomPositions.Restore(reader);
        Files = Many(reader, ReadFile);
        Readings = Many(reader, () => new FileReading(ReadFile(), reader.ReadInt64(), reader.ReadString()));
        if (Texts < 0 || KeptTexts < 0 || KeptTexts > Texts || MinedTexts < 0 || MinedTexts > KeptTexts || Longest < 0 || MinedBytes < 0 || MinedBytes > SpoolBytes || BlockBytes < 0 || Dealt.Any(tokens => tokens < 0))
        {
            throw new InvalidDataException("its counts contradict each other");
        }

        CorpusFile ReadFile()
        {
            var file = new CorpusFile(reader.ReadInt32(), reader.ReadString(), reader.ReadInt64(), reader.ReadString());
            return file.Sha256!.Length == 0 ? file with { Sha256 = null } : file;
        }
    }

    /// <summary>Whether the whole corpus is read and tokenised.</summary>
    public bool IsRead { get; set; }

    /// <summary>Units of the corpus that were read, before long ones were cut.</summary>
    public long SourceUnits { get; set; }

    /// <summary>Texts of all shards.</summary>
    public int Texts { get; set; }

    /// <summary>Candidate positions of all shards.</summary>
    public long Candidates { get; set; }

    /// <summary>Random candidate positions of all shards; none where the run does not keep them.</summary>
    public RandomPositions Random { get; } = new();

    /// <summary>Tokens dealt out to each shard; shape [shards].</summary>
    public long[] Dealt { get; }

    /// <summary>Texts of this shard.</summary>
    public int KeptTexts { get; set; }

    /// <summary>Tokens of this shard.</summary>
    public long KeptTokens { get; set; }

    /// <summary>Tokens of this shard's longest text.</summary>
    public int Longest { get; set; }

    /// <summary>Bytes of the spool of tokens.</summary>
    public long SpoolBytes { get; set; }

    /// <summary>Bytes of the file of units.</summary>
    public long BlockBytes { get; set; }

    /// <summary>Texts that have been through all layers.</summary>
    public int MinedTexts { get; set; }

    /// <summary>Tokens of these.</summary>
    public long MinedTokens { get; set; }

    /// <summary>Where the text after these begins in the spool.</summary>
    public long MinedBytes { get; set; }

    /// <summary>Texts after these of which the totals of the first layers know already: the chunk in which the run was stopped; 0 for none.</summary>
    public int ChunkTexts { get; set; }

    /// <summary>Those first layers.</summary>
    public int ChunkLayers { get; set; }

    /// <summary>Tokens since the last look at how many lists change.</summary>
    public int WindowTokens { get; set; }

    /// <summary>Share of memories whose lists changed in the last window; NaN before there was one.</summary>
    public double Changed { get; set; } = double.NaN;

    /// <summary>Whether the lists changed so little that the run ends before the corpus does.</summary>
    public bool IsStable { get; set; }

    /// <summary>Files of the corpus as the study names them.</summary>
    public IReadOnlyList<CorpusFile> Files { get; set; } = [];

    /// <summary>How far each was read.</summary>
    public IReadOnlyList<FileReading> Readings { get; set; } = [];

    /// <summary>Writes everything.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(IsRead);
        writer.Write(SourceUnits);
        writer.Write(Texts);
        writer.Write(Candidates);
        foreach (long tokens in Dealt)
        {
            writer.Write(tokens);
        }

        writer.Write(KeptTexts);
        writer.Write(KeptTokens);
        writer.Write(Longest);
        writer.Write(SpoolBytes);
        writer.Write(BlockBytes);
        writer.Write(MinedTexts);
        writer.Write(MinedTokens);
        writer.Write(MinedBytes);
        writer.Write(ChunkTexts);
        writer.Write(ChunkLayers);
        writer.Write(WindowTokens);
        writer.Write(Changed);
        writer.Write(IsStable);
        Random.Save(writer);
        writer.Write(Files.Count);
        foreach (CorpusFile file in Files)
        {
            Write(file);
        }

        writer.Write(Readings.Count);
        foreach (FileReading reading in Readings)
        {
            Write(reading.File);
            writer.Write(reading.BytesRead);
            writer.Write(reading.Sha256);
        }

        void Write(CorpusFile file)
        {
            writer.Write(file.Index);
            writer.Write(file.RelativePath);
            writer.Write(file.Bytes);
            writer.Write(file.Sha256 ?? string.Empty);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="shards">Shards that the corpus is dealt out to.</param>
    /// <exception cref="InvalidDataException">The bytes are no state.</exception>
    /// <exception cref="EndOfStreamException">They end early.</exception>
    public static RunState Restore(BinaryReader reader, int shards) => new(reader, shards);

    private static List<T> Many<T>(BinaryReader reader, Func<T> read)
    {
        var items = new List<T>();
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            items.Add(read());
        }

        return items;
    }
}
