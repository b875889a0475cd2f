using Keyhole.Engine.Checkpoints;

namespace Keyhole.Exports;

/// <summary>A tensor [layers, memories, ...] of a study, of which one layer is kept and written at a time.</summary>
internal interface ILayerTensor
{
    /// <summary>The whole tensor.</summary>
    TensorDeclaration Declare(int layers);

    /// <summary>Fills the layer with what stands for nothing.</summary>
    void Clear();

    /// <summary>Writes the layer.</summary>
    void WriteTo(SafetensorsOutput output);
}

/// <summary>A tensor [layers, memories, ...] with its values' type.</summary>
/// <param name="name">The tensor's name.</param>
/// <param name="type">The type that <typeparamref name="T"/> is stored as.</param>
/// <param name="memories">F, memories of the widest layer.</param>
/// <param name="nothing">Stands where there is no value.</param>
/// <param name="depth">Length of the third dimension; 0: there is none.</param>
internal sealed class LayerTensor<T>(string name, StorageType type, int memories, T nothing, int depth = 0) : ILayerTensor
    where T : unmanaged
{
    private readonly int _stride = Math.Max(1, depth);
    private readonly T[] _values = new T[memories * Math.Max(1, depth)];

    /// <summary>Sets the value of a memory.</summary>
    public T this[int memory]
    {
        set => _values[memory] = value;
    }

    /// <summary>Sets one of the values of a memory; what lies beyond the third dimension is dropped.</summary>
    public T this[int memory, int at]
    {
        set
        {
            if (at < _stride)
            {
                _values[(memory * _stride) + at] = value;
            }
        }
    }

    /// <inheritdoc/>
    public TensorDeclaration Declare(int layers) => new(name, type, depth == 0 ? [layers, memories] : [layers, memories, depth]);

    /// <inheritdoc/>
    public void Clear() => Array.Fill(_values, nothing);

    /// <inheritdoc/>
    public void WriteTo(SafetensorsOutput output) => output.Write<T>(name, _values);
}
