using Keyhole.Engine;
using Keyhole.Mining.Nulls;

namespace Keyhole.Studies.Merging;

/// <summary>The nulls that lie beside the shards of a merge: which there are, and whether each is its shard's.</summary>
internal static class MergedNulls
{
    /// <summary>The nulls that were mined with the shards, as their provenance says.</summary>
    /// <exception cref="InputRefusedException">KH5105: it names one that is not known.</exception>
    public static NullKind[] Recorded(IReadOnlyList<MergePiece> shards)
    {
        try
        {
            return [.. NullStudy.Beside(shards[0].Study.Provenance)];   // the same of all: it is an option
        }
        catch (InvalidDataException cause)
        {
            throw Study.Damaged(shards[0].Path, cause);
        }
    }

    /// <summary>Those of which there are studies beside the shards.</summary>
    /// <exception cref="InputRefusedException">KH5245: a shard lacks one that another has; KH5105: damaged.</exception>
    public static NullKind[] Beside(IReadOnlyList<MergePiece> shards)
    {
        NullKind[] kinds = [.. Recorded(shards).Where(kind => shards.Any(shard => File.Exists(NullStudy.PathOf(shard.Path, kind))))];
        foreach (NullKind kind in kinds)
        {
            if (shards.FirstOrDefault(shard => !File.Exists(NullStudy.PathOf(shard.Path, kind))) is { } lacking)
            {
                string there = NullStudy.PathOf(shards.First(shard => File.Exists(NullStudy.PathOf(shard.Path, kind))).Path, kind);
                throw new InputRefusedException("KH5245", $"{NullStudy.PathOf(lacking.Path, kind)}: no such file, and {there} is there: the null of random {NullStudy.NameOf(kind)} is to lie beside every shard, or beside none. Copy it there too, or move the others away to merge without it.");
            }
        }

        return kinds;
    }

    /// <summary>Opens the studies of a null.</summary>
    /// <exception cref="InputRefusedException">KH5246: one is not the null of its shard; otherwise as <see cref="StudyMerger"/>.</exception>
    public static MergedStudy Open(NullKind kind, MergedStudy memories, MergeOptions options)
    {
        var nulls = new MergedStudy([.. memories.Pieces.Select(shard => NullStudy.PathOf(shard.Path, kind))], NullStudy.PathOf(memories.Output, kind), options, nullOf: memories.Output);
        foreach ((MergePiece shard, MergePiece beside) in memories.Pieces.Zip(nulls.Pieces))
        {
            if (NullStudy.Difference(shard.Study.Provenance, beside.Study.Provenance, kind) is { } difference)
            {
                nulls.Dispose();
                throw new InputRefusedException("KH5246", $"{beside.Path}: this is not the null of random {NullStudy.NameOf(kind)} that was mined with {shard.Path}: {difference}. Put back the one that was.");
            }
        }

        return nulls;
    }
}
