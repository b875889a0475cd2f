namespace Keyhole.Engine.Tokens.Models;

/// <summary>A vocabulary with a score and a type per id.</summary>
/// <param name="Vocabulary">Pieces, ids by place.</param>
/// <param name="Scores">[V].</param>
/// <param name="Types">[V].</param>
internal sealed record ScoredPieces(Vocabulary Vocabulary, float[] Scores, PieceType[] Types)
{
    public IEnumerable<int> Ids(PieceType type) => Enumerable.Range(0, Types.Length).Where(id => Types[id] == type);

    /// <summary>First id of a type, or -1.</summary>
    public int FirstOf(PieceType type) => Array.IndexOf(Types, type);

    /// <summary>The pieces of a type, for looking them up at the beginning of a text.</summary>
    public ByteTrie TrieOf(PieceType type)
    {
        var trie = new ByteTrie(16);
        foreach (int id in Ids(type))
        {
            _ = Vocabulary.TryPiece(id, out ReadOnlySpan<byte> piece);
            trie.Add(piece, id);
        }

        return trie;
    }
}
