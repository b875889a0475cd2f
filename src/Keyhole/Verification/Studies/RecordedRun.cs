using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Studies;

namespace Keyhole.Verification.Studies;

/// <summary>How a study was mined, as its provenance says.</summary>
/// <param name="Rules">Its rules.</param>
/// <param name="Bos">Whether texts began with BOS.</param>
/// <param name="Layers">The layers that it has, ascending.</param>
/// <param name="Neurons">The memories that it keeps; null for all of the layers.</param>
/// <param name="Kind">The null that it is of; null for a study of memories.</param>
/// <param name="Beside">The nulls that were mined with it, each in a study beside it.</param>
internal sealed record RecordedRun(MiningRules Rules, BosPolicy Bos, IReadOnlyList<int> Layers, IReadOnlySet<NeuronId>? Neurons, NullKind? Kind, IReadOnlyList<NullKind> Beside)
{
    /// <summary>How a study was mined.</summary>
    /// <exception cref="InputRefusedException">KH5105: an option is missing or not what it should be.</exception>
    public static RecordedRun Of(Study study)
    {
        try
        {
            StudyProvenance provenance = study.Provenance;
            NullKind? kind = NullStudy.KindOf(provenance);
            NullKind[] beside = kind is null ? [.. NullStudy.Beside(provenance)] : [];
            if (kind is not null || beside.Length > 0)
            {
                _ = NullStudy.SeedOf(provenance);
            }

            return new RecordedRun(RecordedRules.Of(provenance), RecordedRules.Bos(provenance), RecordedRules.Layers(provenance), RecordedRules.Neurons(provenance), kind, beside);
        }
        catch (InvalidDataException cause)
        {
            throw Study.Damaged(study.FilePath, cause);
        }
    }
}
