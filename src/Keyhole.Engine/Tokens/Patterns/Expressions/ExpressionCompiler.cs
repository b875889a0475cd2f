namespace Keyhole.Engine.Tokens.Patterns.Expressions;

/// <summary>Compiles a parsed expression for the matcher.</summary>
internal sealed class ExpressionCompiler
{
    private const int LongestProgram = 50_000;
    private readonly List<Instruction> _program = [];
    private int _slots;

    /// <exception cref="FormatException">The expression is too large.</exception>
    public static Instruction[] Compile(Node node, out int slots)
    {
        var compiler = new ExpressionCompiler();
        Instruction[] program = compiler.CompileAlone(node);
        slots = compiler._slots;
        return program;
    }

    private Instruction[] CompileAlone(Node node)
    {
        var inner = new ExpressionCompiler { _slots = _slots };
        inner.Emit(node);
        inner.Add(new Instruction(Operation.Match));
        _slots = inner._slots;
        return [.. inner._program];
    }

    private void Add(Instruction instruction)
    {
        if (_program.Count >= LongestProgram)
        {
            throw new FormatException("it is too large.");
        }

        _program.Add(instruction);
    }

    private void Emit(Node node)
    {
        switch (node)
        {
            case Node.Set set:
                Add(new Instruction(Operation.Character, Set: set.Characters));
                break;
            case Node.Sequence sequence:
                foreach (Node item in sequence.Items)
                {
                    Emit(item);
                }

                break;
            case Node.Choice choice:
                EmitChoice(choice.Items);
                break;
            case Node.Repeat repeat:
                EmitRepeat(repeat);
                break;
            case Node.Anchor anchor:
                Add(new Instruction(Operation.Anchor, (int)anchor.Kind));
                break;
            case Node.Look look:
                Add(new Instruction(look.Behind ? Operation.LookBehind : Operation.LookAhead, look.Negated ? 1 : 0, look.Behind ? WidthOf(look.Item) : 0, Inner: CompileAlone(look.Item)));
                break;
            case Node.Atomic atomic:
                Add(new Instruction(Operation.Atomic, Inner: CompileAlone(atomic.Item)));
                break;
        }
    }

    private void EmitChoice(IReadOnlyList<Node> items)
    {
        var exits = new List<int>();
        for (int i = 0; i < items.Count - 1; i++)
        {
            int choice = _program.Count;
            Add(default);
            Emit(items[i]);
            exits.Add(_program.Count);
            Add(default);
            _program[choice] = new Instruction(Operation.Try, choice + 1, _program.Count);
        }

        Emit(items[^1]);
        foreach (int exit in exits)
        {
            _program[exit] = new Instruction(Operation.Jump, _program.Count);
        }
    }

    private void EmitRepeat(Node.Repeat repeat)
    {
        if (repeat.Greed == Greed.Possessive && repeat.Item is not Node.Set)
        {
            Add(new Instruction(Operation.Atomic, Inner: CompileAlone(repeat with { Greed = Greed.Greedy })));
        }
        else if (repeat.Item is Node.Set set && repeat.Greed != Greed.Lazy)
        {
            Add(new Instruction(repeat.Greed == Greed.Possessive ? Operation.PossessiveRun : Operation.Run, repeat.Least, repeat.Most, set.Characters));
        }
        else
        {
            for (int i = 0; i < repeat.Least; i++)
            {
                Emit(repeat.Item);
            }

            EmitOptional(repeat);
        }
    }

    private void EmitOptional(Node.Repeat repeat)
    {
        if (repeat.Most < 0)
        {
            int slot = _slots++;
            int loop = _program.Count;
            Add(default);
            Add(new Instruction(Operation.Mark, slot));
            Emit(repeat.Item);
            int exit = _program.Count + 2;
            Add(new Instruction(Operation.LeaveIfEmpty, slot, exit));
            Add(new Instruction(Operation.Jump, loop));
            _program[loop] = Choose(repeat.Greed, loop + 1, exit);
            return;
        }

        var choices = new List<int>();
        for (int i = repeat.Least; i < repeat.Most; i++)
        {
            choices.Add(_program.Count);
            Add(default);
            Emit(repeat.Item);
        }

        foreach (int choice in choices)
        {
            _program[choice] = Choose(repeat.Greed, choice + 1, _program.Count);
        }
    }

    private static Instruction Choose(Greed greed, int more, int done) =>
        greed == Greed.Lazy ? new Instruction(Operation.Try, done, more) : new Instruction(Operation.Try, more, done);

    /// <summary>Most characters that a node can match, or -1 for any number.</summary>
    private static int WidthOf(Node node)
    {
        switch (node)
        {
            case Node.Set:
                return 1;
            case Node.Sequence sequence:
                return sequence.Items.Select(WidthOf).Aggregate(0, (sum, width) => sum < 0 || width < 0 ? -1 : sum + width);
            case Node.Choice choice:
                return choice.Items.Select(WidthOf).Aggregate(0, (most, width) => most < 0 || width < 0 ? -1 : Math.Max(most, width));
            case Node.Repeat repeat:
                long width = (long)WidthOf(repeat.Item) * repeat.Most;
                return repeat.Most < 0 || width < 0 || width > int.MaxValue ? -1 : (int)width;
            case Node.Atomic atomic:
                return WidthOf(atomic.Item);
            default:
                return 0;
        }
    }
}
