using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>A norm with its gain and bias.</summary>
internal sealed class NormWeights
{
    private readonly NormSpec _spec;
    private readonly float[] _weight;
    private readonly float[] _bias;

    private NormWeights(NormSpec spec, WeightReader reader)
    {
        _spec = spec;
        _weight = reader.Gain(spec.Weight, spec.GainOffset);
        _bias = reader.Vector(spec.Bias);
    }

    /// <summary>Reads a norm; null for none.</summary>
    public static NormWeights? Load(NormSpec? spec, WeightReader reader) => spec is null ? null : new NormWeights(spec, reader);

    /// <summary>Norms each row of <paramref name="from"/> into <paramref name="to"/>, which may be the same memory.</summary>
    public void Apply(MatrixView from, MatrixView to)
    {
        for (int row = 0; row < from.Rows; row++)
        {
            if (_spec.Kind == NormKind.LayerNorm)
            {
                Norms.LayerNorm(from.Row(row), _weight, _bias, _spec.Epsilon, to.Row(row));
            }
            else
            {
                Norms.RmsNorm(from.Row(row), _weight, _spec.Epsilon, to.Row(row));
            }
        }
    }
}

/// <summary>A norm over groups of a row with its gain and bias.</summary>
internal sealed class GroupNormWeights
{
    private readonly GroupNormSpec _spec;
    private readonly float[] _weight;   // of one group, or of all of them one after the other
    private readonly float[] _bias;     // of one group

    private GroupNormWeights(GroupNormSpec spec, WeightReader reader)
    {
        _spec = spec;
        _weight = spec.GroupWeights.IsEmpty
            ? reader.Gain(spec.Weight, spec.GainOffset)
            : [.. spec.GroupWeights.SelectMany(weight => reader.Gain(weight, spec.GainOffset))];
        _bias = reader.Vector(spec.Bias);
    }

    /// <summary>Reads a norm; null for none.</summary>
    public static GroupNormWeights? Load(GroupNormSpec? spec, WeightReader reader) => spec is null ? null : new GroupNormWeights(spec, reader);

    /// <summary>Norms each group of a row in place.</summary>
    public void Apply(Span<float> row)
    {
        int size = _spec.GroupSize;
        for (int first = 0; first < row.Length; first += size)
        {
            Span<float> group = row.Slice(first, size);
            ReadOnlySpan<float> weight = _weight.Length > size ? _weight.AsSpan(first, size) : _weight;
            if (_spec.Kind == NormKind.LayerNorm)
            {
                Norms.LayerNorm(group, weight, _bias, _spec.Epsilon, group);
            }
            else
            {
                Norms.RmsNorm(group, weight, _spec.Epsilon, group);
            }
        }
    }
}
