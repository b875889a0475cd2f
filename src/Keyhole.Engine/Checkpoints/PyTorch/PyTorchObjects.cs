using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>What a pickle of torch.save may make: a fixed list of names becomes dicts, storages and tensors; every other one a <see cref="PickleOpaque"/>.</summary>
/// <remarks>
/// The calls: https://github.com/pytorch/pytorch/blob/v2.5.0/torch/_utils.py and torch/serialization.py beside it. Nothing is ever called; each name
/// has a few lines here that do the same to checked values.
/// </remarks>
internal sealed class PyTorchObjects(PickleCursor cursor)
{
    private const int MostDimensions = 64;
    private const int MostCopied = 1 << 20;

    private readonly Dictionary<string, PyTorchStorage> _storages = new(StringComparer.Ordinal);

    private int _copied;   // entries of a dict or list, which a pickle can have copied again and again

    /// <summary>Every storage that the pickle names, by its key.</summary>
    public IReadOnlyDictionary<string, PyTorchStorage> Storages => _storages;

    /// <summary>What a call, or making an object of a class, gives.</summary>
    /// <param name="callable">What is called.</param> <param name="arguments">A tuple.</param>
    /// <exception cref="InputRefusedException">It is no class or function, or the arguments are not those of the name that it has.</exception>
    public object? Call(object? callable, object? arguments)
    {
        if (callable is PickleOpaque)
        {
            return callable;
        }
        if (callable is not PickleGlobal { Name: string name } || arguments is not object?[] values)
        {
            throw Refuse("calls something that is no function");
        }
        return (name, values) switch
        {
            ("argparse.Namespace", []) => new PickleNamespace(),
            ("collections.OrderedDict" or "collections.defaultdict", _) => Dictionary(name, values),
            ("torch.Size", [object?[] sizes]) => sizes,
            ("torch._utils._rebuild_tensor", [var storage, var start, var size, var strides]) => Tensor(name, storage, null, start, size, strides),
            ("torch._utils._rebuild_tensor_v2", [var storage, var start, var size, var strides, ..]) => Tensor(name, storage, null, start, size, strides),
            ("torch._utils._rebuild_tensor_v3", [var storage, var start, var size, var strides, _, _, var dtype, ..]) => Tensor(name, storage, dtype, start, size, strides),
            ("torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state", [PyTorchTensor tensor, ..]) => tensor,
            ("torch._tensor._rebuild_from_type_v2", [PickleGlobal function, PickleGlobal { Name: "torch.Tensor" or "torch.nn.parameter.Parameter" }, var inner, ..])
                when function.Name != name => Call(function, inner),
            _ => new PickleOpaque(name),
        };
    }

    /// <summary>Gives an object its state. Only a namespace takes it; attributes of others (such as <c>_metadata</c> of a state dict) are not needed.</summary>
    public void Build(object? target, object? state)
    {
        if (target is not PickleNamespace arguments)
        {
            return;
        }
        foreach ((string key, object? value) in (state as PickleDictionary ?? throw Refuse("gives a namespace attributes that are no dict")).Entries)
        {
            if (!TryCopy(arguments.Attributes, key, value))
            {
                throw Refuse($"gives a namespace the attribute {Naming.Quote(key)} twice");
            }
        }
    }

    /// <summary>What lies outside the pickle under an identifier: a storage, <c>('storage', class, key, device, count[, view])</c>.</summary>
    public object Load(object? identifier)
    {
        if (identifier is not object?[] fields || fields is not ["storage", PickleGlobal storageClass, string { Length: <= PickleCursor.LongestName } key, _, long count, ..] || fields.Length > 6)
        {
            return new PickleOpaque("a persistent object");
        }
        if (ElementKind.OfStorageClass(storageClass.Name) is not ElementKind kind)
        {
            return new PickleOpaque(storageClass.Name);
        }
        if (count < 0 || count > long.MaxValue / kind.Bytes)
        {
            throw Refuse(string.Create(CultureInfo.InvariantCulture, $"gives the storage {Naming.Quote(key)} {count} elements, which cannot be,"));
        }
        if (!_storages.TryGetValue(key, out PyTorchStorage? storage))
        {
            _storages.Add(key, storage = new PyTorchStorage(key, kind, count));
        }
        if (storage.Kind != kind || storage.Count != count)
        {
            throw Refuse($"describes the storage {Naming.Quote(key)} in two ways");
        }
        return fields.Length == 6 && fields[5] is not null ? Part(storage, fields[5]) : new StorageView(storage, 0, count);
    }

    private StorageView Part(PyTorchStorage storage, object? view)
        => view is object?[] and [_, long start, long count] && start >= 0 && count >= 0 && start <= storage.Count - count
            ? new StorageView(storage, start, count)
            : throw Refuse($"has a view of the storage {Naming.Quote(storage.Key)} that does not lie in it,");

    // OrderedDict() with entries set afterwards; Python 2 passes them in a list of pairs.
    private PickleDictionary Dictionary(string name, object?[] arguments)
    {
        var dictionary = new PickleDictionary();
        if (name == "collections.OrderedDict" && arguments is [List<object?> pairs])
        {
            foreach (object? pair in pairs)
            {
                if (pair is not List<object?> and not object?[] || (IReadOnlyList<object?>)pair is not [var key, var value] || !TryCopy(dictionary, key, value))
                {
                    throw Refuse("makes an OrderedDict of something else than pairs of distinct keys and values");
                }
            }
        }
        return dictionary;
    }

    private bool TryCopy(PickleDictionary target, object? key, object? value)
        => ++_copied <= MostCopied ? target.TryAdd(key, value) : throw Refuse(string.Create(CultureInfo.InvariantCulture, $"copies more than {MostCopied} entries"));

    private object Tensor(string name, object? storage, object? dtype, object? start, object? size, object? strides)
    {
        if (storage is PickleOpaque opaque)
        {
            return opaque;
        }
        if (storage is not StorageView view || start is not long first || Integers(size) is not ImmutableArray<long> shape || Integers(strides) is not ImmutableArray<long> steps || shape.Length != steps.Length)
        {
            throw Refuse($"calls {name} with arguments that are not a storage, a start, a shape and strides,");
        }
        ElementKind? kind = dtype is null ? view.Storage.Kind : dtype is PickleGlobal { Name: string dtypeName } ? ElementKind.OfDtype(dtypeName) : null;
        if (kind is null)
        {
            return new PickleOpaque(dtype is PickleGlobal global ? global.Name : name);
        }
        if (LastElement(first, shape, steps) is not BigInteger last || (last + 1) * kind.Bytes > (BigInteger)view.Count * view.Storage.Kind.Bytes)
        {
            throw Refuse(string.Create(CultureInfo.InvariantCulture,
                $"has a tensor of shape {Naming.Shape(shape.AsSpan())} with strides {Naming.Shape(steps.AsSpan())} from element {first} that does not lie in its storage {Naming.Quote(view.Storage.Key)} of {view.Count} elements,"));
        }
        if (TensorLayout.TryCount(shape.AsSpan(), out long elements) && elements * (BigInteger)kind.Bytes > (BigInteger)view.Count * view.Storage.Kind.Bytes)
        {
            return new PickleOpaque("a tensor that repeats its elements");   // its size would not be bounded by the file's
        }
        return new PyTorchTensor(view.Storage, kind, (view.Start * view.Storage.Kind.Bytes) + (first * kind.Bytes), shape, IsRowMajor(shape, steps) ? default : steps);
    }

    // Index of the last element that the tensor reaches, -1 before the storage's first; null where a number cannot be, or the elements cannot be counted.
    private static BigInteger? LastElement(long first, ImmutableArray<long> shape, ImmutableArray<long> strides)
    {
        if (first < 0 || strides.Any(stride => stride < 0) || !TensorLayout.TryCount(shape.AsSpan(), out long count))
        {
            return null;
        }
        return count == 0 ? (BigInteger)first - 1 : shape.Zip(strides).Aggregate((BigInteger)first, (last, dimension) => last + ((BigInteger)(dimension.First - 1) * dimension.Second));
    }

    private static bool IsRowMajor(ImmutableArray<long> shape, ImmutableArray<long> strides)
    {
        long expected = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] == 0)
            {
                return true;
            }
            if (shape[i] > 1 && strides[i] != expected)
            {
                return shape.Contains(0);
            }
            expected *= shape[i];   // does not overflow: the elements were counted
        }
        return true;
    }

    private static ImmutableArray<long>? Integers(object? tuple)
        => tuple is object?[] values && values.Length <= MostDimensions && values.All(value => value is long) ? [.. values.Cast<long>()] : null;

    private InputRefusedException Refuse(string what) => cursor.Refuse(what, cursor.Position - 1);   // the opcodes that come here are one byte
}
