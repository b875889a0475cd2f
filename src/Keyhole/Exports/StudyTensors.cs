using Keyhole.Engine.Checkpoints;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>The tensors of memories' triggers and statistics, a layer at a time.</summary>
internal sealed class StudyTensors
{
    private readonly List<ILayerTensor> _all = [];
    private readonly int _memories;
    private readonly LayerTensor<byte> _mined;
    private readonly LayerTensor<long> _count;
    private readonly LayerTensor<double> _mean;
    private readonly LayerTensor<double> _variance;
    private readonly LayerTensor<double> _skewness;
    private readonly LayerTensor<double> _kurtosis;
    private readonly LayerTensor<float> _min;
    private readonly LayerTensor<float> _max;
    private readonly LayerTensor<double> _positive;
    private readonly LayerTensor<long>? _signCases;
    private readonly LayerTensor<uint> _histogram;
    private readonly (Pole Pole, LayerTensor<float> Coefficient, LayerTensor<float>? Gate, LayerTensor<float>? RouterWeight, LayerTensor<int> Unit, LayerTensor<int> Position, LayerTensor<int> Target)[] _poles;

    /// <param name="shape">The model.</param>
    /// <param name="triggers">t, the length of the longest trigger list.</param>
    public StudyTensors(ModelShape shape, int triggers)
    {
        _memories = Width(shape);
        _mined = Add(new LayerTensor<byte>("mined", StorageType.U8, _memories, 0));
        _count = Add(new LayerTensor<long>("statistics.n", StorageType.I64, _memories, 0));
        _mean = Statistic("mean");
        _variance = Statistic("variance");
        _skewness = Statistic("skewness");
        _kurtosis = Statistic("excess_kurtosis");
        _min = Add(new LayerTensor<float>("statistics.min", StorageType.F32, _memories, float.NaN));
        _max = Add(new LayerTensor<float>("statistics.max", StorageType.F32, _memories, float.NaN));
        _positive = Statistic("share_positive");
        _signCases = shape.Gated ? Add(new LayerTensor<long>("statistics.sign_cases", StorageType.I64, _memories, 0, 4)) : null;
        _histogram = Add(new LayerTensor<uint>("statistics.histogram", StorageType.U32, _memories, 0, ActivationHistogram.Bins));
        int depth = Math.Max(1, triggers);
        _poles = [.. MemoryJson.Poles(shape).ToArray().Select(pole =>
        {
            string prefix = MemoryJson.Name(pole) + ".";
            return (pole,
                Add(new LayerTensor<float>(prefix + "coefficient", StorageType.F32, _memories, float.NaN, depth)),
                shape.Gated ? Add(new LayerTensor<float>(prefix + "gate", StorageType.F32, _memories, float.NaN, depth)) : null,
                shape.Experts > 0 ? Add(new LayerTensor<float>(prefix + "router_weight", StorageType.F32, _memories, float.NaN, depth)) : null,
                Add(new LayerTensor<int>(prefix + "unit", StorageType.I32, _memories, -1, depth)),
                Add(new LayerTensor<int>(prefix + "position", StorageType.I32, _memories, -1, depth)),
                Add(new LayerTensor<int>(prefix + "target", StorageType.I32, _memories, -1, depth)));
        })];
    }

    /// <summary>All tensors.</summary>
    public IReadOnlyList<ILayerTensor> All => _all;

    /// <summary>F: memories of the widest layer; where there are experts, of all of a layer's experts one after the other.</summary>
    public static int Width(ModelShape shape) => Math.Max(1, shape.Widths.Max()) * Math.Max(1, shape.Experts);

    /// <summary>The place of a memory in its layer.</summary>
    public static int Row(ModelShape shape, NeuronId id) => (Math.Max(0, id.Expert) * shape.Widths[id.Layer]) + id.Index;

    /// <summary>Sets all of a memory.</summary>
    /// <param name="row">Its place in its layer.</param>
    /// <param name="memory">The memory.</param>
    public void Set(int row, MemoryRecord memory)
    {
        NeuronStatistics statistics = memory.Statistics;
        _mined[row] = 1;
        _count[row] = statistics.Count;
        _mean[row] = statistics.Mean;
        _variance[row] = statistics.Variance;
        _skewness[row] = statistics.Skewness;
        _kurtosis[row] = statistics.ExcessKurtosis;
        _min[row] = statistics.Min;
        _max[row] = statistics.Max;
        _positive[row] = statistics.SharePositive;
        int at = 0;
        foreach ((string _, long count) in statistics.SignCases?.Named() ?? [])
        {
            _signCases![row, at++] = count;
        }

        for (int bin = 0; bin < statistics.Histogram.Length; bin++)
        {
            _histogram[row, bin] = statistics.Histogram[bin];
        }

        foreach ((Pole pole, LayerTensor<float> coefficient, LayerTensor<float>? gate, LayerTensor<float>? routerWeight, LayerTensor<int> unit, LayerTensor<int> position, LayerTensor<int> target) in _poles)
        {
            int rank = 0;
            foreach (Trigger trigger in memory.Triggers(pole))
            {
                coefficient[row, rank] = trigger.Coefficient;
                unit[row, rank] = trigger.Unit;
                position[row, rank] = trigger.Position;
                target[row, rank] = trigger.Target;
                gate?[row, rank] = trigger.Gate;
                routerWeight?[row, rank] = trigger.RouterWeight;
                rank++;
            }
        }
    }

    private LayerTensor<double> Statistic(string name) => Add(new LayerTensor<double>("statistics." + name, StorageType.F64, _memories, double.NaN));

    private T Add<T>(T tensor)
        where T : ILayerTensor
    {
        _all.Add(tensor);
        return tensor;
    }
}
