using System.Buffers;
using System.Collections.Concurrent;
using Keyhole.Engine.Tokens.Decoders;
using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.PreTokenizers;
using Keyhole.Engine.Tokens.Processors;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens;

/// <summary>The one tokenizer: added tokens, normaliser, pre-tokenizer, model, post-processing, decoder; every file format fills in its own parts.</summary>
internal sealed class PipelineTokenizer : Tokenizer
{
    /// <summary>Longest text in UTF-16 units: its bytes, and the stand-ins of its bytes, must fit an array.</summary>
    private const int LongestText = 64 << 20;

    /// <summary>A shorter text's bytes are not counted beforehand.</summary>
    private const int ShortText = 1 << 16;

    private readonly TokenizerParts _parts;
    private readonly ByteLevelPath? _byteLevel;
    private readonly ConcurrentBag<Workspace> _workspaces = [];
    private readonly SpaceCounts[] _spaces;

    public PipelineTokenizer(TokenizerParts parts)
    {
        _parts = parts;
        _byteLevel = ByteLevelPath.For(parts);
        VocabularySize = Math.Max(parts.Model.Vocabulary.Size, parts.Added.Size);
        _spaces = parts.PostSteps.Any(step => step is TrimStep) ? CountSpaces() : [];
        int? first = parts.PostSteps.OfType<WrapStep>().LastOrDefault(step => step.Before.Length > 0)?.Before[0];
        AddsBos = first is not null;
        BosId = parts.Special.Bos ?? first;
    }

    public override string Kind => _parts.Kind ?? _parts.Model.Kind;

    public override int VocabularySize { get; }

    public override int? BosId { get; }

    public override int? EosId => _parts.Special.Eos;

    public override int? UnknownId => _parts.Special.Unknown ?? (_parts.Model.UnknownId >= 0 ? _parts.Model.UnknownId : null);

    public override bool AddsBos { get; }

    public override Encoding Encode(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LongestText)
        {
            throw TokenErrors.TooLong(text.Length, LongestText);
        }

        Workspace workspace = _workspaces.TryTake(out Workspace? kept) ? kept : new Workspace();
        try
        {
            workspace.ReserveUtf8(text.Length < ShortText ? System.Text.Encoding.UTF8.GetMaxByteCount(text.Length) : System.Text.Encoding.UTF8.GetByteCount(text));
            int length = System.Text.Encoding.UTF8.GetBytes(text, workspace.Utf8);
            ReadOnlySpan<byte> utf8 = workspace.Utf8.AsSpan(0, length);
            workspace.Tokens.Clear();
            return _byteLevel is not null && _byteLevel.Fits(utf8)
                ? EncodeBytes(utf8, workspace, _byteLevel, addSpecialTokens)
                : EncodeAligned(utf8, workspace, addSpecialTokens);
        }
        finally
        {
            if (workspace.IsWorthKeeping)
            {
                _workspaces.Add(workspace);
            }
        }
    }

    public override string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = false)
    {
        if (_parts.Decoder is ByteLevelDecoder)
        {
            return DecodeBytes(ids, skipSpecialTokens);
        }

        var pieces = new List<string>(ids.Length);
        foreach (int id in ids)
        {
            string piece = Piece(id);
            if (!skipSpecialTokens || !IsSpecial(id))
            {
                pieces.Add(piece);
            }
        }

        return _parts.Decoder is null ? string.Join(' ', pieces) : string.Concat(_parts.Decoder.Decode(pieces));
    }

    public override string Piece(int id) => TryPiece(id, out string piece) ? piece : throw TokenErrors.UnknownId(_parts.Source, id, VocabularySize);

    public override int? IdOf(string piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        return _parts.Added.IdOf(piece) ?? (_parts.Model.Vocabulary.Find(piece) is >= 0 and int id ? id : null);
    }

    public override bool IsSpecial(int id) => _parts.Added.IsSpecial(id);

    private bool TryPiece(int id, out string piece)
    {
        if (_parts.Added.ById(id) is AddedToken added)
        {
            piece = added.Content;
            return true;
        }

        bool known = _parts.Model.Vocabulary.TryPiece(id, out ReadOnlySpan<byte> utf8);
        piece = known ? CodePoints.String(utf8) : "";
        return known;
    }

    private string DecodeBytes(ReadOnlySpan<int> ids, bool skipSpecialTokens)
    {
        var bytes = new ArrayBufferWriter<byte>((ids.Length * 4) + 16);
        foreach (int id in ids)
        {
            bool special = skipSpecialTokens && IsSpecial(id);
            if (_parts.Added.ById(id) is null && _parts.Model.Vocabulary.TryPiece(id, out ReadOnlySpan<byte> utf8))
            {
                ByteLevelDecoder.Write(special ? [] : utf8, bytes);
            }
            else
            {
                string piece = Piece(id);
                ByteLevelDecoder.Write(special ? [] : CodePoints.Utf8(piece), bytes);
            }
        }

        return CodePoints.String(bytes.WrittenSpan);
    }

    private Encoding EncodeBytes(ReadOnlySpan<byte> utf8, Workspace workspace, ByteLevelPath path, bool addSpecialTokens)
    {
        path.Tokenize(utf8, _parts.Added, workspace);
        TokenList tokens = workspace.Tokens;
        (int[] ids, TokenOffset[] offsets, int first) = Allocate(tokens, addSpecialTokens);
        int characters = 0; // that begin before the byte at which we are
        int position = 0;
        for (int i = 0; i < tokens.Count; i++)
        {
            int start = tokens.Starts[i];
            int end = tokens.Ends[i];
            characters += position <= start ? CodePoints.Count(utf8[position..start]) : -CodePoints.Count(utf8[start..position]); // added tokens may overlap
            int before = (utf8[start] & 0xC0) == 0x80 ? characters - 1 : characters;
            characters += CodePoints.Count(utf8[start..end]);
            position = end;
            offsets[first + i] = new TokenOffset(before, characters);
        }

        PostProcess(ids, offsets, first, tokens, utf8, addSpecialTokens);
        return new Encoding(ids, offsets);
    }

    private Encoding EncodeAligned(ReadOnlySpan<byte> utf8, Workspace workspace, bool addSpecialTokens)
    {
        PreTokenizedText pieces = Normalize(utf8);
        _parts.PreTokenizer?.Apply(pieces);
        TokenList tokens = workspace.Tokens;
        ReadOnlySpan<byte> bytes = pieces.Text.Bytes;
        foreach (PieceRange piece in pieces.Pieces)
        {
            if (piece.IsToken)
            {
                tokens.AddMatched(piece.Id, piece.Start, piece.End);
            }
            else if (piece.Start < piece.End)
            {
                _parts.Model.Tokenize(bytes, piece.Start, piece.End, workspace, tokens);
            }
        }

        (int[] ids, TokenOffset[] offsets, int first) = Allocate(tokens, addSpecialTokens);
        for (int i = 0; i < tokens.Count; i++)
        {
            offsets[first + i] = pieces.Text.OffsetOf(Math.Min(tokens.Starts[i], bytes.Length), Math.Min(tokens.Ends[i], bytes.Length));
        }

        PostProcess(ids, offsets, first, tokens, bytes, addSpecialTokens);
        return new Encoding(ids, offsets);
    }

    private PreTokenizedText Normalize(ReadOnlySpan<byte> utf8)
    {
        var raw = new List<PieceRange>();
        _parts.Added.SplitRaw(utf8, 0, utf8.Length, raw);
        AlignedText text = AlignedText.Identity(utf8, 0);
        if (_parts.Normalizer is null && !_parts.Added.HasNormalized)
        {
            return new PreTokenizedText(text, raw);
        }

        AlignedText target = AlignedText.Empty(utf8.Length + 16, text);
        var pieces = new List<PieceRange>(raw.Count);
        foreach (PieceRange piece in raw)
        {
            int start = target.Length;
            if (piece.IsToken)
            {
                target.Append(text, piece.Start, piece.End);
                pieces.Add(piece with { Start = start, End = target.Length });
                continue;
            }

            AlignedText part = text.Slice(piece.Start, piece.End);
            part = _parts.Normalizer?.Apply(part) ?? part;
            target.Append(part, 0, part.Length);
            _parts.Added.SplitNormalized(target.Bytes, start, target.Length, pieces);
        }

        return new PreTokenizedText(target, pieces);
    }

    private (int[] Ids, TokenOffset[] Offsets, int First) Allocate(TokenList tokens, bool addSpecialTokens)
    {
        int before = 0;
        int after = 0;
        foreach (IPostStep step in _parts.PostSteps)
        {
            if (addSpecialTokens && step is WrapStep wrap)
            {
                before += wrap.Before.Length;
                after += wrap.After.Length;
            }
        }

        var ids = new int[before + tokens.Count + after];
        tokens.Ids.CopyTo(ids.AsSpan(before));
        return (ids, new TokenOffset[ids.Length], before);
    }

    private void PostProcess(int[] ids, TokenOffset[] offsets, int first, TokenList tokens, ReadOnlySpan<byte> text, bool addSpecialTokens)
    {
        int start = first;
        int end = ids.Length - (addSpecialTokens ? _parts.PostSteps.Sum(step => step is WrapStep wrap ? wrap.After.Length : 0) : 0);
        foreach (IPostStep step in _parts.PostSteps)
        {
            if (step is TrimStep trim)
            {
                for (int i = start; i < end; i++)
                {
                    offsets[i] = SpacesOf(ids[i], i - first, tokens, text).Trim(offsets[i], i == start, trim.AddPrefixSpace);
                }
            }
            else if (step is WrapStep wrap && addSpecialTokens)
            {
                start -= wrap.Before.Length;
                wrap.Before.CopyTo(ids, start);
                wrap.After.CopyTo(ids, end);
                end += wrap.After.Length;
            }
        }
    }

    /// <summary>White space of a token: that of its piece, but that of the (normalised) text where an added token or a unigram model's unknown one stands for it.</summary>
    private SpaceCounts SpacesOf(int id, int index, TokenList tokens, ReadOnlySpan<byte> text)
    {
        bool isInText = (uint)index < (uint)tokens.Count; // a post-processor may have added it
        bool keepsText = isInText && (tokens.IsMatched(index) || (id == _parts.Model.UnknownId && _parts.Model is UnigramModel));
        return keepsText ? SpaceCounts.Of(text[Math.Min(tokens.Starts[index], text.Length)..Math.Min(tokens.Ends[index], text.Length)])
            : (uint)id < (uint)_spaces.Length ? _spaces[id] : default;
    }

    private SpaceCounts[] CountSpaces()
    {
        var spaces = new SpaceCounts[VocabularySize];
        for (int id = 0; id < spaces.Length; id++)
        {
            if (_parts.Model.Vocabulary.TryPiece(id, out ReadOnlySpan<byte> piece))
            {
                spaces[id] = SpaceCounts.Of(piece);
            }
        }

        return spaces;
    }
}
