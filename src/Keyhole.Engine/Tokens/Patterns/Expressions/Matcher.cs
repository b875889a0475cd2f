using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Patterns.Expressions;

/// <summary>Runs a compiled expression. Choices that are still open stand on a stack, so depth of recursion is that of looks and atomic groups only.</summary>
internal ref struct Matcher
{
    private const long FreeSteps = 20_000_000;
    private const int StepsPerByte = 200;
    private readonly ReadOnlySpan<byte> _text;
    private readonly int[] _slots;
    private readonly string _expression;
    private readonly List<Choice> _choices;
    private long _steps;

    /// <param name="text">The text; its ends are the text's ends for anchors and looks.</param>
    /// <param name="slots">Number of loop slots.</param>
    /// <param name="expression">The expression, for the error.</param>
    public Matcher(ReadOnlySpan<byte> text, int slots, string expression)
    {
        _text = text;
        _slots = new int[slots];
        _expression = expression;
        _choices = [];
        _steps = FreeSteps + ((long)StepsPerByte * text.Length);
    }

    /// <summary>End of the match that begins at <paramref name="start"/>, or -1.</summary>
    /// <exception cref="InputRefusedException">The steps are used up.</exception>
    public int Match(Instruction[] program, int start) => Run(program, start, -1);

    /// <param name="program">What to match.</param>
    /// <param name="start">Where.</param>
    /// <param name="wantedEnd">Where the match must end, or -1.</param>
    private int Run(Instruction[] program, int start, int wantedEnd)
    {
        int bottom = _choices.Count;
        int at = 0;
        int place = start;
        while (true)
        {
            if (--_steps < 0)
            {
                throw TokenErrors.PatternSteps(_expression);
            }

            Instruction step = program[at];
            bool holds = true;
            switch (step.Operation)
            {
                case Operation.Match when wantedEnd < 0 || place == wantedEnd:
                    _choices.RemoveRange(bottom, _choices.Count - bottom);
                    return place;
                case Operation.Match:
                    holds = false;
                    break;
                case Operation.Character:
                    holds = TakeOne(step.Set!, ref place);
                    break;
                case Operation.Run:
                    int least = TakeRun(step, ref place);
                    holds = least >= 0;
                    if (holds && place > least)
                    {
                        _choices.Add(new Choice(ChoiceKind.ShorterRun, at + 1, place, least));
                    }

                    break;
                case Operation.PossessiveRun:
                    holds = TakeRun(step, ref place) >= 0;
                    break;
                case Operation.Try:
                    _choices.Add(new Choice(ChoiceKind.Resume, step.Second, place, 0));
                    at = step.First - 1;
                    break;
                case Operation.Jump:
                    at = step.First - 1;
                    break;
                case Operation.Mark:
                    _choices.Add(new Choice(ChoiceKind.RestoreSlot, step.First, _slots[step.First], 0));
                    _slots[step.First] = place;
                    break;
                case Operation.LeaveIfEmpty:
                    at = _slots[step.First] == place ? step.Second - 1 : at;
                    break;
                case Operation.Anchor:
                    holds = IsAt((AnchorKind)step.First, place);
                    break;
                case Operation.LookAhead:
                    holds = Run(step.Inner!, place, -1) >= 0 ^ step.First == 1;
                    break;
                case Operation.LookBehind:
                    holds = EndsHere(step, place) ^ step.First == 1;
                    break;
                case Operation.Atomic:
                    int end = Run(step.Inner!, place, -1);
                    holds = end >= 0;
                    place = holds ? end : place;
                    break;
            }

            at++;
            if (!holds && !Backtrack(bottom, ref at, ref place))
            {
                return -1;
            }
        }
    }

    /// <summary>Goes back to the last open choice above <paramref name="bottom"/>; false where there is none.</summary>
    private bool Backtrack(int bottom, ref int at, ref int place)
    {
        while (_choices.Count > bottom)
        {
            Choice choice = _choices[^1];
            _choices.RemoveAt(_choices.Count - 1);
            switch (choice.Kind)
            {
                case ChoiceKind.RestoreSlot:
                    _slots[choice.At] = choice.Place;
                    continue;
                case ChoiceKind.Resume:
                    (at, place) = (choice.At, choice.Place);
                    return true;
                default:
                    CodePoints.ReadBefore(_text, choice.Place, out int length);
                    (at, place) = (choice.At, choice.Place - length);
                    if (place > choice.Least)
                    {
                        _choices.Add(choice with { Place = place });
                    }

                    return true;
            }
        }

        return false;
    }

    private readonly bool TakeOne(CharacterSet set, ref int place)
    {
        if (place >= _text.Length || !set.Contains(CodePoints.Read(_text, place, out int length)))
        {
            return false;
        }

        place += length;
        return true;
    }

    /// <summary>Takes as many characters as it may; returns the place after the least number, or -1 where there are fewer.</summary>
    private int TakeRun(Instruction step, ref int place)
    {
        int least = step.First == 0 ? place : -1;
        for (int count = 1; (step.Second < 0 || count <= step.Second) && TakeOne(step.Set!, ref place); count++)
        {
            _steps--;
            least = count == step.First ? place : least;
        }

        return least;
    }

    private bool EndsHere(Instruction look, int end)
    {
        int start = end;
        for (int characters = 0; ; characters++)
        {
            if (Run(look.Inner!, start, end) >= 0)
            {
                return true;
            }

            if (start == 0 || characters == look.Second)
            {
                return false;
            }

            CodePoints.ReadBefore(_text, start, out int length);
            start -= length;
        }
    }

    private readonly bool IsAt(AnchorKind anchor, int place) => anchor switch
    {
        AnchorKind.TextStart => place == 0,
        AnchorKind.TextEnd => place == _text.Length,
        AnchorKind.TextEndOrLastLine => place == _text.Length || (place == _text.Length - 1 && _text[place] == '\n'),
        AnchorKind.LineStart => place == 0 || (_text[place - 1] == '\n' && place < _text.Length),
        AnchorKind.LineEnd => place == _text.Length || _text[place] == '\n',
        AnchorKind.WordBoundary => IsBoundary(place),
        _ => !IsBoundary(place),
    };

    private readonly bool IsBoundary(int place)
    {
        bool before = place > 0 && CharacterProperties.IsWord(CodePoints.ReadBefore(_text, place, out _));
        bool after = place < _text.Length && CharacterProperties.IsWord(CodePoints.Read(_text, place, out _));
        return before != after;
    }

    private enum ChoiceKind
    {
        /// <summary>Go on at At from Place.</summary>
        Resume,

        /// <summary>Go on at At with one character fewer than Place, not fewer than Least.</summary>
        ShorterRun,

        /// <summary>Slot At held Place.</summary>
        RestoreSlot,
    }

    private readonly record struct Choice(ChoiceKind Kind, int At, int Place, int Least);
}
