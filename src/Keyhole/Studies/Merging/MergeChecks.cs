using System.Globalization;
using Keyhole.Engine;

namespace Keyhole.Studies.Merging;

/// <summary>Whether studies are parts of one run: everything that decides a result must be the same, but for the shard and the layers.</summary>
internal static class MergeChecks
{
    private static readonly string[] MayDiffer = ["model.path", "option.layers", "shard.parts", "shard.corpus_units", "shard.corpus_tokens", "shard.count"];

    /// <summary>Compares every piece with the first.</summary>
    /// <exception cref="InputRefusedException">KH5241: two pieces do not belong together.</exception>
    public static void BelongTogether(IReadOnlyList<MergePiece> pieces)
    {
        SortedDictionary<string, string> expected = Rows(pieces[0]);
        foreach (MergePiece piece in pieces.Skip(1))
        {
            if (ProvenanceRows.FirstDifference(expected, Rows(piece)) is { } row)
            {
                throw new InputRefusedException("KH5241", $"{piece.Path}: this is no part of the run that {pieces[0].Path} is a part of: {row.Key} is {ProvenanceRows.Quoted(row.Second)} here and {ProvenanceRows.Quoted(row.First)} there; merge only studies mined with the same program, model, corpus and options.");
            }
        }
    }

    // In the order that a reader would ask: sorted by name, each a row of the provenance or said in its words.
    private static SortedDictionary<string, string> Rows(MergePiece piece)
    {
        SortedDictionary<string, string> rows = ProvenanceRows.Where(piece.Study.Provenance, key => !ProvenanceRows.IsOfRun(key) && !MayDiffer.Contains(key));
        rows.Add("number of shards", piece.Shard.Count.ToString(CultureInfo.InvariantCulture));
        rows.Add("units of the corpus", piece.Shard.CorpusUnits.ToString(CultureInfo.InvariantCulture));
        rows.Add("tokens of the corpus", piece.Shard.CorpusTokens.ToString(CultureInfo.InvariantCulture));
        rows.Add("number of token texts", piece.TokenPieces.ToString(CultureInfo.InvariantCulture));
        rows.Add("number of files", piece.Study.Files.Length.ToString(CultureInfo.InvariantCulture));
        foreach (StudyFile file in piece.Study.Files)
        {
            rows.Add(string.Create(CultureInfo.InvariantCulture, $"file {file.Index}"), string.Create(CultureInfo.InvariantCulture, $"{file.Path}, {file.Bytes} bytes, {file.Sha256}"));
        }

        return rows;
    }
}
