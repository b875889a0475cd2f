namespace Keyhole.Engine.Tokens.Models;

/// <summary>Looks for the keys of a trie at the beginning of a text.</summary>
internal static class PrefixMatch
{
    /// <summary>Bytes of the longest key that the text begins with, or 0.</summary>
    public static int Longest(ByteTrie trie, ReadOnlySpan<byte> text)
    {
        int length = 0;
        int node = 0;
        for (int i = 0; i < text.Length && trie.Step(ref node, text[i]); i++)
        {
            length = trie.ValueAt(node) >= 0 ? i + 1 : length;
        }

        return length;
    }
}
