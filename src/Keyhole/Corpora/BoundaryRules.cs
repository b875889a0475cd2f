namespace Keyhole.Corpora;

/// <summary>Decides for one paragraph, from left to right, whether a sentence ends at a stop.</summary>
internal ref struct BoundaryRules
{
    /// <summary>A longer quotation or bracket is no reason not to cut: a unit is to be a sentence, not a page.</summary>
    public const int MaxPair = 1000;

    private readonly ReadOnlySpan<char> _text;
    private int _pairsPassed;
    private bool? _hasUpper;

    public BoundaryRules(ReadOnlySpan<char> text, PairedMarks pairs)
    {
        _text = text;
        Pairs = pairs;
    }

    public PairedMarks Pairs { get; }

    /// <summary>Whether the sentence that began at <paramref name="sentenceStart"/> ends at the stop. Stops come in order.</summary>
    public bool Ends(in SentenceStop stop, int sentenceStart)
    {
        if (stop.End >= _text.Length || IsInsidePair(stop)) return false;
        bool spaced = char.IsWhiteSpace(_text[stop.End]);
        if (stop.Unspaced) return spaced || EndsUnspaced(stop);
        if (!spaced && stop.Kind == StopKind.Emphatic && SentenceMarks.IsUnspacedLetter(_text[stop.End])) return true;
        if ((!spaced && !IsDashBeforeWord(stop.End)) || IsBracketedMark(stop)) return false;
        FollowingWord next = FollowingWord.Read(_text, stop.End);
        return next.Kind switch
        {
            FollowingKind.Nothing or FollowingKind.GoesOn => false,
            FollowingKind.Lower => !HasUpper() && EndsBefore(stop, next, sentenceStart),
            _ => EndsBefore(stop, next, sentenceStart),
        };
    }

    private static bool IsStarter(ReadOnlySpan<char> text, in FollowingWord next)
    {
        if (next.Kind != FollowingKind.Upper) return false;
        ReadOnlySpan<char> word = text.Slice(next.Start, next.Length);
        if (word is "Mr" or "Mrs" or "Ms" or "Dr") return true;
        if (!WordTables.Starters.Contains(word)) return false;
        int after = next.Start + next.Length;
        if (after < text.Length && text[after] is '.' or '-') return false;   // an initial: "A. Milne"
        return !next.Opened || word is not ("The" or "A" or "An");   // a title in quotes
    }

    private readonly bool EndsBefore(in SentenceStop stop, in FollowingWord next, int sentenceStart)
    {
        switch (stop.Kind)
        {
            case StopKind.Period:
                return EndsAtPeriod(stop, next, sentenceStart);
            case StopKind.Emphatic when !stop.Quoted:
                ReadOnlySpan<char> name = WordBefore(stop.Start, out _);
                return !WordTables.EmphaticNames.Contains(name) || IsStarter(_text, next);
            case StopKind.Ellipsis when !stop.Quoted:
                ReadOnlySpan<char> before = WordBefore(stop.Start, out _);
                return before.IsEmpty || !before.SequenceEqual(_text.Slice(next.Start, next.Length));   // "I... I do not know"
            default:
                return !stop.Quoted || !IsAttribution(next);
        }
    }

    /// <summary>The rules of the full stop: abbreviations, initials, numbers of lists.</summary>
    private readonly bool EndsAtPeriod(in SentenceStop stop, in FollowingWord next, int sentenceStart)
    {
        ReadOnlySpan<char> word = WordBefore(stop.Start, out int wordStart);
        if (word.IsEmpty) return !IsTitleApart(stop.Start) && !IsDegree(stop.Start, next);
        bool first = IsFirst(wordStart, sentenceStart);
        if (first && (IsNumber(word) || word.Length == 1 || (word.Length <= 4 && IsRoman(word)))) return false;   // "1. First item"
        switch (Kind(word))
        {
            case AbbreviationKind.Title or AbbreviationKind.Inner:
                return false;
            case AbbreviationKind.BeforeNumber when IsNumeral(next):
                return false;
            case AbbreviationKind.Either:
                return IsStarter(_text, next);
        }

        if (word.Length == 1 && char.IsLetter(word[0]))
        {
            return (word[0] == 'I' && FollowsLowerWord(wordStart)) || IsStarter(_text, next);   // "So do I. Let us"
        }

        if (IsDotted(word)) return IsStarter(_text, next);
        return first || !LooksAbbreviated(word) || IsStarter(_text, next);
    }

    /// <summary>A short capitalised word without a vowel, such as <c>Pvt</c>, but no <c>Hmm</c>.</summary>
    private static bool LooksAbbreviated(ReadOnlySpan<char> word)
        => word.Length is 2 or 3 or 4 && char.IsUpper(word[0]) && char.IsLower(word[1]) && !word.ContainsAny(SentenceMarks.Vowels) && word.ContainsAnyExcept(word[0], word[^1]);

    /// <summary><c>N°. 5</c>.</summary>
    private readonly bool IsDegree(int stop, in FollowingWord next)
        => next.Kind == FollowingKind.Digit && stop > 0 && _text[stop - 1] is '°' or 'º';

    /// <summary>In tokenised text a stop that stands apart ends a sentence, but after a title: <c>Sault Ste . Marie</c>.</summary>
    private readonly bool IsTitleApart(int stop)
    {
        if (stop < 2 || _text[stop - 1] != ' ') return false;
        ReadOnlySpan<char> word = WordBefore(stop - 1, out _);
        return word is "Ste" || (WordTables.Abbreviations.TryGetValue(word, out AbbreviationKind kind) && kind == AbbreviationKind.Title);
    }

    private readonly AbbreviationKind? Kind(ReadOnlySpan<char> word)
    {
        if (WordTables.Abbreviations.TryGetValue(word, out AbbreviationKind kind)) return kind;
        if (word.Length is < 2 or > 6 || char.IsUpper(word[0]) != char.IsUpper(word[^1])) return null;
        if (char.IsLower(word[0]) && _hasUpper is not false) return null;
        // "MR. SMITH" and "mr. smith" in text of one case.
        Span<char> title = stackalloc char[6];
        word.ToLowerInvariant(title);
        title[0] = char.ToUpperInvariant(title[0]);
        return WordTables.Abbreviations.TryGetValue(title[..word.Length], out kind) && kind == AbbreviationKind.Title ? kind : null;
    }

    /// <summary>The token before a stop: letters, digits, inner dots; empty where the stop stands apart.</summary>
    private readonly ReadOnlySpan<char> WordBefore(int end, out int start)
    {
        start = end;
        while (start > 0 && end - start < 24 && (char.IsLetterOrDigit(_text[start - 1]) || _text[start - 1] == '.')) start--;
        while (start < end && _text[start] == '.') start++;
        return _text[start..end];
    }

    private readonly bool FollowsLowerWord(int wordStart)
    {
        if (wordStart < 2 || _text[wordStart - 1] != ' ') return false;
        ReadOnlySpan<char> word = WordBefore(wordStart - 1, out _);
        return word.Length > 0 && char.IsLower(word[0]);
    }

    private readonly bool IsFirst(int wordStart, int sentenceStart)
    {
        for (int i = sentenceStart; i < wordStart; i++)
        {
            if (!char.IsWhiteSpace(_text[i]) && !SentenceMarks.IsOpener(_text[i])) return false;
        }

        return true;
    }

    private readonly bool IsNumeral(in FollowingWord next)
    {
        if (next.Kind == FollowingKind.Digit) return true;
        ReadOnlySpan<char> word = _text.Slice(next.Start, next.Length);
        return word.Length > 0 && IsRoman(word) && (word.Length > 1 || word[0] != 'I');
    }

    private static bool IsNumber(ReadOnlySpan<char> word) => word.Length <= 3 && !word.ContainsAnyExceptInRange('0', '9');

    private static bool IsRoman(ReadOnlySpan<char> word) => !word.ContainsAnyExcept("IVXLC");

    /// <summary>Letters with inner dots, such as <c>U.S</c>, <c>a.m</c>, <c>Ph.D</c>.</summary>
    private static bool IsDotted(ReadOnlySpan<char> word)
    {
        int run = 0;
        bool dotted = false;
        foreach (char c in word)
        {
            if (c == '.')
            {
                dotted = true;
                run = 0;
            }
            else if (!char.IsLetter(c) || ++run > 2)
            {
                return false;
            }
        }

        return dotted;
    }

    /// <summary>Whether a stop stands within a quotation or bracket that closes after it.</summary>
    private bool IsInsidePair(in SentenceStop stop)
    {
        ReadOnlySpan<(int Open, int Close)> pairs = Pairs.Pairs;
        while (_pairsPassed < pairs.Length && pairs[_pairsPassed].Close < stop.End) _pairsPassed++;
        for (int i = _pairsPassed; i < pairs.Length && pairs[i].Close - stop.Start <= MaxPair; i++)
        {
            if (pairs[i].Open < stop.Start && pairs[i].Close - pairs[i].Open <= MaxPair) return true;
        }

        return false;
    }

    /// <summary>A mark alone in brackets, as in <c>(?)</c> or <c>[...]</c>.</summary>
    private readonly bool IsBracketedMark(in SentenceStop stop)
    {
        int before = stop.Start - 1;
        if (before > 0 && _text[before] == ' ') before--;
        return before >= 0 && _text[before] is '(' or '[';
    }

    /// <summary>A long dash with a capital right after it, as in <c>thinking so.--Harriet's parentage</c>.</summary>
    private readonly bool IsDashBeforeWord(int at)
    {
        int end = at;
        while (end < _text.Length && SentenceMarks.IsDash(_text[end])) end++;
        return (end - at >= 2 || _text[at] is '—' or '―') && end < _text.Length && char.IsUpper(_text[end]);
    }

    private readonly bool EndsUnspaced(in SentenceStop stop)
    {
        if (!stop.Quoted) return true;
        ReadOnlySpan<char> rest = _text[stop.End..];
        return !(rest[0] is 'と' or 'っ' or '、' or '，' or '—' or '…') && !rest[..Math.Min(4, rest.Length)].ContainsAny(SentenceMarks.ChineseSpeech);
    }

    /// <summary>Whether a name and a verb of speech follow: <c>"Stop!" Holmes cried</c> is one sentence.</summary>
    private readonly bool IsAttribution(in FollowingWord next)
    {
        if (next.Kind != FollowingKind.Upper || next.Opened) return false;
        ReadOnlySpan<char> first = _text.Slice(next.Start, next.Length);
        if (first is not "I" && WordTables.Starters.Contains(first)) return false;
        int at = next.Start + next.Length;
        for (int words = 0; words < 3; words++)
        {
            if (at < _text.Length && _text[at] == '.') at++;
            if (at >= _text.Length || _text[at] != ' ') return false;
            int start = ++at;
            while (at < _text.Length && char.IsLetter(_text[at]) && at - start < 24) at++;
            ReadOnlySpan<char> word = _text[start..at];
            if (WordTables.SpeechVerbs.Contains(word)) return true;
            if (word.IsEmpty || !(char.IsUpper(word[0]) || word.EndsWith("ly"))) return false;
        }

        return false;
    }

    private bool HasUpper()
    {
        if (_hasUpper is { } known) return known;
        foreach (char c in _text)
        {
            if (!char.IsUpper(c)) continue;
            _hasUpper = true;
            return true;
        }

        _hasUpper = false;
        return false;
    }
}
