using Keyhole.Corpora;
using Keyhole.Engine.Tokens;
using Keyhole.Studies;

namespace Keyhole.Composition;

/// <summary>Finds the texts of a study's corpus that the study did not take, where its files are still there as they were.</summary>
internal static class UnminedTexts
{
    private static readonly string[] s_partial = ["limit", "sample", "until-stable"];

    /// <summary>The texts; null where the study took all, or a file is missing or was changed.</summary>
    public static CorpusTexts? Find(Study study, TextRules rules, Tokenizer tokenizer, int context, IReadOnlyList<string> folders, int threads, CancellationToken cancellation)
    {
        bool partial = study.Provenance.Shard is not null || s_partial.Any(study.Provenance.Options.ContainsKey);
        if (!partial || Paths(study, folders) is not { Length: > 0 } paths)
        {
            return null;
        }

        // Offsets of windows after the first lie inside a unit, so the first stands for all of them. Hashes stand for the texts, which may be many.
        Dictionary<(int File, long Offset), (int Length, int Hash, bool Window)> mined = [];
        foreach (StudyUnit unit in study.Units().Where(unit => !unit.Traits.HasFlag(UnitTraits.Continuation)))
        {
            mined[(unit.File, unit.Offset)] = (unit.Text.Length, string.GetHashCode(unit.Text), unit.Traits.HasFlag(UnitTraits.Window));
        }

        Corpus corpus = Corpus.Open(paths, new CorpusOptions { Unit = rules.Unit, TextField = rules.TextField });
        int found = 0;
        bool more = false;
        foreach (TextUnit unit in corpus.ReadUnits(cancellation))
        {
            if (!mined.TryGetValue((unit.File, unit.Offset), out (int Length, int Hash, bool Window) known))
            {
                more = true;
            }
            else if ((known.Window ? unit.Text.Length >= known.Length : unit.Text.Length == known.Length) && string.GetHashCode(unit.Text.AsSpan(0, known.Length)) == known.Hash)
            {
                found++;
            }
        }

        bool same = found == mined.Count && corpus.Files.Zip(study.Files).All(file => file.Second.Sha256.Length == 0 || file.First.Sha256 == file.Second.Sha256);
        return same && more ? new CorpusTexts(paths, rules, tokenizer, context, threads) { Taken = mined.Keys.ToHashSet() } : null;
    }

    // Where each file of the study stands on this machine; null where one is not there with its length.
    private static string[]? Paths(Study study, IReadOnlyList<string> folders)
    {
        var paths = new List<string>();
        foreach (StudyFile file in study.Files)
        {
            string? path = folders.Select(folder => Path.GetFullPath(Path.Combine(folder, file.Path))).FirstOrDefault(path => new FileInfo(path) is { Exists: true } found && found.Length == file.Bytes);
            if (path is null)
            {
                return null;
            }

            paths.Add(path);
        }

        return [.. paths];
    }
}
