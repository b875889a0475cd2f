using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Engine.Tokens;
using Keyhole.Studies;

namespace Keyhole.Mining;

/// <summary>Turns text units into tokens, with or without BOS, cut into windows where they are longer than the model's context.</summary>
internal sealed class UnitTokenizer
{
    private static readonly System.Text.Encoding Utf8 = System.Text.Encoding.UTF8;

    private readonly Tokenizer _tokenizer;
    private readonly BosPolicy _bos;
    private readonly int _context;

    /// <exception cref="InputRefusedException">BOS is wanted and the tokenizer has none.</exception>
    public UnitTokenizer(Tokenizer tokenizer, BosPolicy bos, int context)
    {
        _tokenizer = tokenizer;
        _bos = bos;
        _context = context;
        BosEncoding.Require(tokenizer, bos);
    }

    /// <summary>The texts of each of many units, by several threads.</summary>
    /// <param name="units">The units.</param>
    /// <param name="threads">Threads at most.</param>
    /// <param name="cancellation">Stops it.</param>
    public IReadOnlyList<TokenisedText>[] Encode(TextUnit[] units, int threads, CancellationToken cancellation)
    {
        var texts = new IReadOnlyList<TokenisedText>[units.Length];
        try
        {
            Parallel.For(0, units.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i => texts[i] = Encode(units[i]));
            return texts;
        }
        catch (AggregateException failures) when (failures.InnerException is InputRefusedException refused)
        {
            throw refused;
        }
    }

    /// <summary>The texts of one unit: one as a rule, several windows of a long one, none where it has no token.</summary>
    public IReadOnlyList<TokenisedText> Encode(in TextUnit unit)
    {
        Engine.Tokens.Encoding encoding = BosEncoding.Encode(_tokenizer, unit.Text, _bos);
        int[] ids = encoding.Ids;
        ImmutableArray<TokenSpan> spans = [.. encoding.Offsets.Select(offset => new TokenSpan(offset.Start, offset.End))];
        if (ids.Length == 0)
        {
            return [];
        }

        bool bos = spans[0].IsEmpty && (ids[0] == _tokenizer.BosId || _tokenizer.IsSpecial(ids[0]));
        return ids.Length <= _context
            ? [new TokenisedText(unit, unit.Text, unit.Offset, unit.Length, ids, spans, bos, UnitTraits.None)]
            : Windows(unit, ids, spans, bos);
    }

    // Consecutive windows of at most the context, BOS repeated; each a text of its own, with the part of the unit that its tokens cover.
    private List<TokenisedText> Windows(in TextUnit unit, int[] ids, ImmutableArray<TokenSpan> spans, bool bos)
    {
        int head = bos ? 1 : 0;
        int body = _context - head;
        if (body <= 0)
        {
            throw new InputRefusedException("KH5005", string.Create(CultureInfo.InvariantCulture, $"the model's context of {_context} tokens has no room for text beside BOS."));
        }

        int[] utf16 = TextPlaces.CodePointStarts(unit.Text);
        int[] starts = TextStarts(spans, utf16.Length - 1);
        bool mapped = Utf8.GetByteCount(unit.Text) == unit.Length;   // bytes of a text file; inside a record, escapes may stand between
        var windows = new List<TokenisedText>();
        for (int first = head; first < ids.Length; first += body)
        {
            int end = Math.Min(first + body, ids.Length);
            int from = first == head ? 0 : starts[first];
            int to = Math.Max(from, starts[end]);
            string text = unit.Text[utf16[from]..utf16[to]];
            long offset = mapped ? unit.Offset + Utf8.GetByteCount(unit.Text.AsSpan(0, utf16[from])) : unit.Offset;
            int length = mapped ? Utf8.GetByteCount(text) : unit.Length;
            var windowSpans = ImmutableArray.CreateBuilder<TokenSpan>(end - first + head);
            windowSpans.AddRange(spans.AsSpan(0, head));
            int limit = to - from;
            for (int i = first; i < end; i++)
            {
                windowSpans.Add(new TokenSpan(Math.Clamp(spans[i].Start - from, 0, limit), Math.Clamp(spans[i].End - from, 0, limit)));
            }

            int[] windowIds = [.. ids.AsSpan(0, head), .. ids.AsSpan(first, end - first)];
            UnitTraits traits = UnitTraits.Window | (first > head ? UnitTraits.Continuation : UnitTraits.None);
            windows.Add(new TokenisedText(unit, text, offset, length, windowIds, windowSpans.MoveToImmutable(), bos, traits));
        }

        return windows;
    }

    // Where the text of each token and of those after it begins: special tokens at the end of a unit stand nowhere in its text.
    private static int[] TextStarts(ImmutableArray<TokenSpan> spans, int textLength)
    {
        int[] starts = new int[spans.Length + 1];
        starts[^1] = textLength;
        for (int i = spans.Length - 1; i >= 0; i--)
        {
            starts[i] = spans[i].IsEmpty ? starts[i + 1] : spans[i].Start;
        }

        return starts;
    }
}

/// <summary>A text with its tokens, as it is mined and stored.</summary>
internal sealed record TokenisedText(TextUnit Unit, string Text, long Offset, int Length, int[] Ids, ImmutableArray<TokenSpan> Spans, bool StartsWithBos, UnitTraits Traits)
{
    /// <summary>The text as a study stores it.</summary>
    /// <param name="index">Its number in the corpus.</param>
    public StudyUnit ToStudyUnit(int index) => new()
    {
        Index = index,
        File = Unit.File,
        Offset = Offset,
        Length = Length,
        Text = Text,
        Tokens = ImmutableCollectionsMarshal.AsImmutableArray(Ids),
        Spans = Spans,
        Traits = Traits,
    };
}
