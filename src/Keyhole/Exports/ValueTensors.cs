using Keyhole.Engine.Checkpoints;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Values;

namespace Keyhole.Exports;

/// <summary>The tensors of memories' values, a layer at a time.</summary>
internal sealed class ValueTensors
{
    private const sbyte NoAnswer = -1;

    private readonly List<ILayerTensor> _all = [];
    private readonly int _memories;
    private readonly LayerTensor<float> _norm;
    private readonly LayerTensor<double> _maxProbability;
    private readonly LayerTensor<double> _logSumExp;
    private readonly LayerTensor<int> _argmax;
    private readonly LayerTensor<int> _argmin;
    private readonly (LayerTensor<int> Id, LayerTensor<float> Logit) _top;
    private readonly (LayerTensor<int> Id, LayerTensor<float> Logit) _bottom;
    private readonly List<(Pole Pole, Action<int, ValuePole> Set)> _poles = [];

    /// <param name="shape">The model.</param>
    /// <param name="tokens">Tokens kept at each end of a value.</param>
    public ValueTensors(ModelShape shape, int tokens)
    {
        _memories = StudyTensors.Width(shape);
        _norm = Add(new LayerTensor<float>("value.norm", StorageType.F32, _memories, float.NaN));
        _maxProbability = Number("value.max_probability");
        _logSumExp = Number("value.log_sum_exp");
        _argmax = Id("value.argmax");
        _argmin = Id("value.argmin");
        _top = (Id("value.top.id", tokens), Add(new LayerTensor<float>("value.top.logit", StorageType.F32, _memories, float.NaN, tokens)));
        _bottom = (Id("value.bottom.id", tokens), Add(new LayerTensor<float>("value.bottom.logit", StorageType.F32, _memories, float.NaN, tokens)));
        foreach (Pole pole in MemoryJson.Poles(shape))
        {
            AddPole(pole, MemoryJson.Name(pole) + ".value.");
        }
    }

    /// <summary>All tensors.</summary>
    public IReadOnlyList<ILayerTensor> All => _all;

    /// <summary>Sets all of a value.</summary>
    /// <param name="row">The memory's place in its layer.</param>
    /// <param name="value">Its value.</param>
    public void Set(int row, ValueRecord value)
    {
        _norm[row] = value.Norm;
        _maxProbability[row] = value.MaxProbability;
        _logSumExp[row] = value.LogSumExp;
        _argmax[row] = value.Argmax;
        _argmin[row] = value.Argmin;
        for (int rank = 0; rank < value.Top.Length; rank++)
        {
            (_top.Id[row, rank], _top.Logit[row, rank]) = (value.Top[rank].Token, value.Top[rank].Logit);
        }

        for (int rank = 0; rank < value.Bottom.Length; rank++)
        {
            (_bottom.Id[row, rank], _bottom.Logit[row, rank]) = (value.Bottom[rank].Token, value.Bottom[rank].Logit);
        }

        foreach ((Pole pole, Action<int, ValuePole> set) in _poles)
        {
            set(row, value.Of(pole) ?? ValuePole.None);
        }
    }

    private void AddPole(Pole pole, string prefix)
    {
        LayerTensor<int> target = Id(prefix + "target");
        LayerTensor<double> targetRank = Number(prefix + "target_rank");
        LayerTensor<double> targetProbability = Number(prefix + "target_probability");
        LayerTensor<int> current = Id(prefix + "current");
        LayerTensor<double> currentRank = Number(prefix + "current_rank");
        LayerTensor<int> modelTop = Id(prefix + "model_top");
        LayerTensor<double> modelTargetProbability = Number(prefix + "model_target_probability");
        LayerTensor<sbyte> agrees = Answer(prefix + "agrees");
        LayerTensor<sbyte> agreesWithCurrent = Answer(prefix + "agrees_with_current");
        LayerTensor<sbyte> agreesWithModel = Answer(prefix + "agrees_with_model");
        LayerTensor<double> precision = Number(prefix + "precision_at_50");
        _poles.Add((pole, (row, value) =>
        {
            target[row] = value.Target;
            targetRank[row] = value.TargetRank;
            targetProbability[row] = value.TargetProbability;
            current[row] = value.Current;
            currentRank[row] = value.CurrentRank;
            modelTop[row] = value.ModelTop;
            modelTargetProbability[row] = value.ModelTargetProbability;
            agrees[row] = Flag(value.Agrees);
            agreesWithCurrent[row] = Flag(value.AgreesWithCurrent);
            agreesWithModel[row] = Flag(value.AgreesWithModel);
            precision[row] = value.Precision;
        }));
    }

    private static sbyte Flag(bool? answer) => answer switch { null => NoAnswer, true => 1, false => 0 };

    private LayerTensor<double> Number(string name) => Add(new LayerTensor<double>(name, StorageType.F64, _memories, double.NaN));

    private LayerTensor<int> Id(string name, int depth = 0) => Add(new LayerTensor<int>(name, StorageType.I32, _memories, -1, depth));

    private LayerTensor<sbyte> Answer(string name) => Add(new LayerTensor<sbyte>(name, StorageType.I8, _memories, NoAnswer));

    private T Add<T>(T tensor)
        where T : ILayerTensor
    {
        _all.Add(tensor);
        return tensor;
    }
}
