using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Models;

/// <summary>Byte-pair encoding by ranked merges, as the tokenizers library does it.</summary>
internal sealed class BpeModel : IModel
{
    private readonly BpeMerger _merger;
    private readonly BpeOptions _options;
    private readonly int[] _byteFallback;
    private readonly int[]? _byteSymbols;
    private readonly Vocabulary? _rawPieces;

    public BpeModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options)
    {
        Vocabulary = vocabulary;
        _merger = new BpeMerger(merges);
        _options = options;
        UnknownId = options.Unknown is null ? -1 : vocabulary.Find(options.Unknown);
        _byteFallback = options.ByteFallback ? BytePieces.Find(vocabulary) : [];
        _byteSymbols = FindByteSymbols();
        _rawPieces = _byteSymbols is not null && options.IgnoreMerges ? DecodeBytePieces() : null;
    }

    public string Kind => "bpe";

    public Vocabulary Vocabulary { get; }

    public int UnknownId { get; }

    /// <summary>Whether all 256 stand-ins of bytes are pieces, so that <see cref="TokenizeBytes"/> may be used.</summary>
    public bool SpellsBytes => _byteSymbols is not null;

    public void Tokenize(ReadOnlySpan<byte> text, int start, int end, Workspace workspace, TokenList output)
    {
        ReadOnlySpan<byte> word = text[start..end];
        if (_options.IgnoreMerges && Vocabulary.Find(word) is >= 0 and int whole)
        {
            output.Add(whole, start, end);
            return;
        }

        bool cached = word.Length <= WordCache.LongestWord;
        uint hash = cached ? Vocabulary.Hash(word) : 0;
        if (cached && workspace.Words.TryGet(word, hash, out ReadOnlySpan<(int Id, int Length)> known))
        {
            AddAll(known, start, output);
            return;
        }

        workspace.ReserveSymbols(word.Length * _options.SymbolsPerByte);
        int count = SplitCharacters(word, workspace.Symbols);
        int first = output.Count;
        Merge(workspace, count, start, output);
        if (cached)
        {
            workspace.Words.Set(word, hash, output, first);
        }
    }

    /// <summary>The same for raw bytes whose stand-ins would be the word: places are counted in raw bytes.</summary>
    public void TokenizeBytes(ReadOnlySpan<byte> text, int start, int end, Workspace workspace, TokenList output)
    {
        ReadOnlySpan<byte> word = text[start..end];
        uint hash = 0;
        bool cached = word.Length <= WordCache.LongestWord;
        if (cached)
        {
            hash = Vocabulary.Hash(word);
            if (workspace.ByteWords.TryGet(word, hash, out ReadOnlySpan<(int Id, int Length)> known))
            {
                AddAll(known, start, output);
                return;
            }
        }

        int first = output.Count;
        if (_rawPieces is not null && _rawPieces.Find(word) is >= 0 and int whole)
        {
            output.Add(whole, start, end);
        }
        else
        {
            workspace.ReserveSymbols(word.Length);
            Symbol[] symbols = workspace.Symbols;
            for (int i = 0; i < word.Length; i++)
            {
                symbols[i].Id = _byteSymbols![word[i]];
                symbols[i].Length = 1;
            }

            Merge(workspace, word.Length, start, output);
        }

        if (cached)
        {
            workspace.ByteWords.Set(word, hash, output, first);
        }
    }

    private static void AddAll(ReadOnlySpan<(int Id, int Length)> tokens, int start, TokenList output)
    {
        foreach ((int id, int length) in tokens)
        {
            output.Add(id, start, start + length);
            start += length;
        }
    }

    /// <summary>One symbol per character; what has no piece becomes bytes, an unknown token, or nothing.</summary>
    private int SplitCharacters(ReadOnlySpan<byte> word, Symbol[] symbols)
    {
        int count = 0;
        int unknownLength = 0;
        byte[] affixed = _options.HasAffixes ? new byte[_options.SymbolsPerByte + 4] : [];
        for (int i = 0; i < word.Length;)
        {
            int length = CodePoints.LengthOf(word[i]);
            ReadOnlySpan<byte> piece = word.Slice(i, length);
            if (_options.HasAffixes)
            {
                piece = affixed.AsSpan(0, _options.Affix(piece, i == 0, i + length == word.Length, affixed));
            }

            int id = Vocabulary.Find(piece);
            if (id >= 0)
            {
                count = FlushUnknown(symbols, count, ref unknownLength);
                symbols[count++] = new Symbol { Id = id, Length = length };
            }
            else if (_byteFallback.Length > 0 && AllBytesKnown(piece))
            {
                foreach (byte value in piece)
                {
                    symbols[count++] = new Symbol { Id = _byteFallback[value], Length = 1 };
                }
            }
            else if (_options.Unknown is not null)
            {
                if (UnknownId < 0)
                {
                    throw TokenErrors.NoUnknown(_options.Source, CodePoints.String(piece));
                }

                if (!_options.FuseUnknown)
                {
                    count = FlushUnknown(symbols, count, ref unknownLength);
                }

                unknownLength += length;
            }

            i += length;
        }

        return FlushUnknown(symbols, count, ref unknownLength);
    }

    private bool AllBytesKnown(ReadOnlySpan<byte> piece)
    {
        foreach (byte value in piece)
        {
            if (_byteFallback[value] < 0)
            {
                return false;
            }
        }

        return true;
    }

    private int FlushUnknown(Symbol[] symbols, int count, ref int length)
    {
        if (length > 0)
        {
            symbols[count++] = new Symbol { Id = UnknownId, Length = length };
            length = 0;
        }

        return count;
    }

    private void Merge(Workspace workspace, int count, int start, TokenList output)
    {
        Symbol[] symbols = workspace.Symbols;
        count = _merger.Merge(symbols.AsSpan(0, count), workspace.Queue);
        for (int i = 0; i < count; i++)
        {
            if (symbols[i].Length > 0)
            {
                output.Add(symbols[i].Id, start, start + symbols[i].Length);
                start += symbols[i].Length;
            }
        }
    }

    private int[]? FindByteSymbols()
    {
        if (_options.HasAffixes || _options.ByteFallback)
        {
            return null;
        }

        var symbols = new int[256];
        for (int value = 0; value < 256; value++)
        {
            symbols[value] = Vocabulary.Find(ByteAlphabet.CharOf((byte)value).ToString());
            if (symbols[value] < 0)
            {
                return null;
            }
        }

        return symbols;
    }

    private Vocabulary DecodeBytePieces()
    {
        var raw = new Vocabulary(Vocabulary.Count);
        var bytes = new byte[256];
        for (int id = 0; id < Vocabulary.Size; id++)
        {
            if (!Vocabulary.TryPiece(id, out ReadOnlySpan<byte> piece) || Vocabulary.Find(piece) != id)
            {
                continue;
            }

            bytes = bytes.Length < piece.Length ? new byte[piece.Length] : bytes;
            if (ByteAlphabet.TryDecode(piece, bytes, out int written))
            {
                raw.Add(bytes.AsSpan(0, written), id);
            }
        }

        return raw;
    }
}
