using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>
/// Interprets pickles without executing anything: an allow-list of opcodes builds lists, dicts and plain values, and <see cref="PyTorchObjects"/>
/// turns a few named calls into tensors. A pickle is a program for a stack with a memo; both hold no more items than bytes were read.
/// </summary>
/// <remarks>
/// Values are null (None), bool, long, <see cref="BigInteger"/> (beyond 64 bits), double, string, <c>object?[]</c> (a tuple), <c>List&lt;object?&gt;</c>,
/// <see cref="PickleDictionary"/>, <see cref="PickleGlobal"/>, <see cref="PickleNamespace"/>, <see cref="StorageView"/>, <see cref="PyTorchTensor"/>, or
/// <see cref="PickleOpaque"/>. Lists and dicts may hold themselves: whoever walks them bounds depth and steps.
/// </remarks>
internal sealed class PickleMachine(PickleCursor cursor, PyTorchObjects objects)
{
    private const int MostSteps = 1 << 22;

    private static readonly object s_mark = new();

    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<uint, object?> _memo = [];
    private long _at;   // offset of the opcode that is being interpreted

    /// <summary>Reads one pickle, from the cursor's position to its STOP.</summary>
    /// <exception cref="InputRefusedException">It is cut short, has an opcode that is not interpreted, or makes no sense.</exception>
    public object? Read()
    {
        for (int step = 0; step < MostSteps; step++)
        {
            _at = cursor.Position;
            var opcode = (PickleOpcode)cursor.Read<byte>();
            if (opcode == PickleOpcode.Stop)
            {
                object? root = Pop();
                return _stack.Count == 0 ? root : throw Refuse("ends with values left over");
            }
            Interpret(opcode);
        }
        throw Refuse(string.Create(CultureInfo.InvariantCulture, $"has more than the {MostSteps} opcodes that are read"));
    }

    private void Interpret(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto when cursor.Read<byte>() is >= 2 and <= 5: break;
            case PickleOpcode.Proto: throw Refuse("has an unknown protocol");
            case PickleOpcode.Frame: RequireFrame(cursor.Read<ulong>()); break;
            case PickleOpcode.Mark: _marks.Push(_stack.Count); Push(s_mark); break;
            case PickleOpcode.Pop when _stack.Count > 0 && ReferenceEquals(_stack[^1], s_mark): PopToMark(); break;
            case PickleOpcode.Pop: Pop(); break;
            case PickleOpcode.PopMark: PopToMark(); break;

            case PickleOpcode.None: Push(null); break;
            case PickleOpcode.NewTrue: Push(true); break;
            case PickleOpcode.NewFalse: Push(false); break;
            case PickleOpcode.BinInt: Push((long)cursor.Read<int>()); break;
            case PickleOpcode.BinInt1: Push((long)cursor.Read<byte>()); break;
            case PickleOpcode.BinInt2: Push((long)cursor.Read<ushort>()); break;
            case PickleOpcode.Long1: PushWhole(new BigInteger(cursor.Take(cursor.Read<byte>()))); break;
            case PickleOpcode.Int: PushIntOrBool(cursor.ReadLine()); break;
            case PickleOpcode.Long: PushWhole(Decimal(cursor.ReadLine().TrimEnd('L'))); break;
            case PickleOpcode.BinFloat: Push(BinaryPrimitives.ReadDoubleBigEndian(cursor.Take(sizeof(double)))); break;
            case PickleOpcode.BinUnicode or PickleOpcode.BinString: Push(cursor.ReadText(cursor.Read<uint>())); break;
            case PickleOpcode.ShortBinUnicode or PickleOpcode.ShortBinString: Push(cursor.ReadText(cursor.Read<byte>())); break;
            case PickleOpcode.BinUnicode8: Push(cursor.ReadText(cursor.Read<ulong>())); break;
            case PickleOpcode.ShortBinBytes: SkipBytes(cursor.Read<byte>()); break;
            case PickleOpcode.BinBytes: SkipBytes(cursor.Read<uint>()); break;
            case PickleOpcode.BinBytes8: SkipBytes(cursor.Read<ulong>()); break;

            case PickleOpcode.EmptyTuple: Push(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple: Push(PopToMark()); break;
            case PickleOpcode.Tuple1: Push(PopMany(1)); break;
            case PickleOpcode.Tuple2: Push(PopMany(2)); break;
            case PickleOpcode.Tuple3: Push(PopMany(3)); break;
            case PickleOpcode.EmptyList: Push(new List<object?>()); break;
            case PickleOpcode.List: Push(new List<object?>(PopToMark())); break;
            case PickleOpcode.Append: Append(PopMany(1)); break;
            case PickleOpcode.Appends: Append(PopToMark()); break;
            case PickleOpcode.EmptyDict: Push(new PickleDictionary()); break;
            case PickleOpcode.Dict: PushDictionary(PopToMark()); break;
            case PickleOpcode.SetItem: SetItems(PopMany(2)); break;
            case PickleOpcode.SetItems: SetItems(PopToMark()); break;
            case PickleOpcode.EmptySet: Push(new PickleOpaque("set")); break;
            case PickleOpcode.AddItems: PopToMark(); Peek(); break;
            case PickleOpcode.FrozenSet: PopToMark(); Push(new PickleOpaque("frozenset")); break;

            case PickleOpcode.BinPut: _memo[cursor.Read<byte>()] = Peek(); break;
            case PickleOpcode.LongBinPut: _memo[cursor.Read<uint>()] = Peek(); break;
            case PickleOpcode.Memoize: _memo[(uint)_memo.Count] = Peek(); break;
            case PickleOpcode.BinGet: Push(Recall(cursor.Read<byte>())); break;
            case PickleOpcode.LongBinGet: Push(Recall(cursor.Read<uint>())); break;

            case PickleOpcode.Global: PushGlobal(cursor.ReadLine(), cursor.ReadLine()); break;
            case PickleOpcode.StackGlobal: PushGlobal(PopMany(2)); break;
            case PickleOpcode.Reduce or PickleOpcode.NewObj: Call(PopMany(2)); break;
            case PickleOpcode.Build: Build(Pop()); break;
            case PickleOpcode.BinPersId: Push(objects.Load(Pop())); break;
            default: throw Refuse(Enum.IsDefined(opcode)
                ? string.Create(CultureInfo.InvariantCulture, $"has the opcode {opcode} (0x{(byte)opcode:X2}), which is not interpreted,")
                : string.Create(CultureInfo.InvariantCulture, $"has the byte 0x{(byte)opcode:X2}, which is no opcode,"));
        }
    }

    private void Push(object? value) => _stack.Add(value);

    private void PushGlobal(string module, string name) => Push(new PickleGlobal($"{module}.{name}"));

    private void PushGlobal(object?[] names)
    {
        if (names is not [string { Length: <= PickleCursor.LongestName } module, string { Length: <= PickleCursor.LongestName } name])
        {
            throw Refuse("names a class with something else than short strings");
        }
        PushGlobal(module, name);
    }

    private void Call(object?[] values) => Push(objects.Call(callable: values[0], arguments: values[1]));

    private void Build(object? state) => objects.Build(Peek(), state);

    private void PushDictionary(object?[] entries)
    {
        Push(new PickleDictionary());
        SetItems(entries);
    }

    private void SkipBytes(ulong count)
    {
        cursor.Take(count);
        Push(new PickleOpaque("bytes"));
    }

    private void PushIntOrBool(string line)
    {
        if (line is "00" or "01")
        {
            Push(line == "01");
        }
        else
        {
            PushWhole(Decimal(line));
        }
    }

    private object? Peek() => _stack.Count > 0 && !ReferenceEquals(_stack[^1], s_mark) ? _stack[^1] : throw Refuse("takes a value where there is none");

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        int above = _marks.TryPeek(out int mark) ? _stack.Count - mark - 1 : _stack.Count;
        return count <= above ? PopFrom(_stack.Count - count) : throw Refuse("takes a value where there is none");
    }

    private object?[] PopToMark()
    {
        if (!_marks.TryPop(out int mark))
        {
            throw Refuse("goes back to a mark where there is none");
        }
        object?[] values = PopFrom(mark + 1);
        _stack.RemoveAt(mark);
        return values;
    }

    private object?[] PopFrom(int start)
    {
        object?[] values = [.. CollectionsMarshal.AsSpan(_stack)[start..]];
        _stack.RemoveRange(start, values.Length);
        return values;
    }

    private object? Recall(uint index)
        => _memo.TryGetValue(index, out object? value) ? value : throw Refuse(string.Create(CultureInfo.InvariantCulture, $"recalls the value {index}, which it did not keep,"));

    private void Append(object?[] values)
    {
        switch (Peek())
        {
            case List<object?> list: list.AddRange(values); break;
            case PickleOpaque: break;
            default: throw Refuse("appends to something that is no list");
        }
    }

    private void SetItems(object?[] entries)
    {
        object? target = Peek();
        if (target is PickleOpaque)
        {
            return;
        }
        if (target is not PickleDictionary dictionary || entries.Length % 2 != 0)
        {
            throw Refuse("sets entries of something that is no dict, or a key without a value,");
        }
        for (int i = 0; i < entries.Length; i += 2)
        {
            if (!dictionary.TryAdd(entries[i], entries[i + 1]))
            {
                throw Refuse($"sets the key {Naming.Quote((string)entries[i]!)} twice");
            }
        }
    }

    // A frame says how many bytes of opcodes follow; they are read one after another all the same.
    private void RequireFrame(ulong bytes)
    {
        if (bytes > (ulong)cursor.Left)
        {
            throw Refuse("has a frame that is longer than the file");
        }
    }

    private BigInteger Decimal(string text)
        => BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value) ? value : throw Refuse($"has the number {Naming.Quote(text)}");

    private void PushWhole(BigInteger value) => Push(value >= long.MinValue && value <= long.MaxValue ? (long)value : (object)value);

    private InputRefusedException Refuse(string what) => cursor.Refuse(what, _at);
}
