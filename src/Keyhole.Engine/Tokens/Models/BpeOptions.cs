using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Models;

/// <summary>Options of a BPE model. Dropout is for training and is never applied.</summary>
internal sealed record BpeOptions(
    string Source, string? Unknown = null, string? Prefix = null, string? Suffix = null, bool FuseUnknown = false, bool ByteFallback = false, bool IgnoreMerges = false)
{
    private readonly byte[] _prefix = CodePoints.Utf8(Prefix ?? "");
    private readonly byte[] _suffix = CodePoints.Utf8(Suffix ?? "");

    public bool HasAffixes => _prefix.Length + _suffix.Length > 0;

    /// <summary>Most symbols that one byte of a word can become (the bytes of affixes count too).</summary>
    public int SymbolsPerByte => 1 + _prefix.Length + _suffix.Length;

    /// <summary>A character with the prefix where it does not begin the word and the suffix where it ends it; returns the bytes written.</summary>
    public int Affix(ReadOnlySpan<byte> character, bool first, bool last, Span<byte> target)
    {
        int length = 0;
        if (!first)
        {
            _prefix.CopyTo(target);
            length = _prefix.Length;
        }

        character.CopyTo(target[length..]);
        length += character.Length;
        if (last)
        {
            _suffix.CopyTo(target[length..]);
            length += _suffix.Length;
        }

        return length;
    }
}
